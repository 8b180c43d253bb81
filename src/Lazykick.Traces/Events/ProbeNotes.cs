namespace Lazykick.Traces.Events;

/// <summary>What a kprobe at a sender says of a kick.</summary>
[Flags]
internal enum ProbeNotes : byte
{
    None = 0,

    /// <summary>A list of wake-ups is queued.</summary>
    Wake = 1,

    /// <summary>Each target is asked first: an interrupt that is sent tells that it was wanted.</summary>
    Conditional = 2,
}
