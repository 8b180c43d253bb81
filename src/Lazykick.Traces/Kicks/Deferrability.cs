namespace Lazykick.Traces.Kicks;

/// <summary>Whether the work of a kick may wait until its target comes back into the kernel.</summary>
public enum Deferrability : byte
{
    /// <summary>Nobody has said: counted apart, so that totals are bounds and no guesses.</summary>
    Unknown,

    /// <summary>The target's user code, or something else that runs now, depends on it.</summary>
    Never,

    /// <summary>
    /// It only concerns kernel code, which the target does not run while it is in an extended quiescent state.
    /// </summary>
    Deferrable,
}
