namespace Lazykick.Checking.Litmus.Reading;

/// <summary>What a test asks of its condition.</summary>
public enum LitmusQuantifier
{
    /// <summary><c>exists</c>: some final state satisfies it.</summary>
    Exists,

    /// <summary><c>~exists</c>: none does.</summary>
    NotExists,

    /// <summary><c>forall</c>: all do.</summary>
    ForAll,
}
