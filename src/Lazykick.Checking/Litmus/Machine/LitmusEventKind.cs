namespace Lazykick.Checking.Litmus.Machine;

/// <summary>Kinds of steps.</summary>
public enum LitmusEventKind
{
    /// <summary>A read was satisfied.</summary>
    Read,

    /// <summary>A write became visible.</summary>
    Write,

    /// <summary>A cache maintenance operation was performed.</summary>
    Maintain,

    /// <summary>Text that may change was fetched.</summary>
    Fetch,

    /// <summary>The context was synchronised.</summary>
    Synchronise,
}
