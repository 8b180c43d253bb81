namespace Lazykick.Traces.Kicks;

/// <summary>How a kick got to its target.</summary>
public enum KickDelivery : byte
{
    /// <summary>The trace ends, or events are missing, before the sender's decision shows.</summary>
    Unknown,

    /// <summary>By an interrupt of its own.</summary>
    Interrupt,

    /// <summary>The target had work queued already and got no second interrupt: the kick rode on another one.</summary>
    Coalesced,

    /// <summary>Without an interrupt: the target polled for work, or picked it up by itself.</summary>
    WithoutInterrupt,
}
