namespace Lazykick.Traces.Events;

[Flags]
internal enum SendNotes : byte
{
    None = 0,

    /// <summary>Sent to a mask: on x86 another vector than to one CPU.</summary>
    Many = 1,

    /// <summary>Last target of this event.</summary>
    Last = 2,
}
