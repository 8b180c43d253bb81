namespace Lazykick.Traces.Events;

/// <summary>What an interrupt of irq_handler_entry is.</summary>
internal enum IrqClass : byte
{
    /// <summary>Not looked at yet.</summary>
    Unknown,

    /// <summary>A device's interrupt.</summary>
    Device,

    /// <summary>The CPU's timer.</summary>
    Timer,

    /// <summary>The interrupt into which arm64 wraps an IPI.</summary>
    Ipi,
}
