namespace Lazykick.Traces.Events;

/// <summary>What is known of a stay in idle.</summary>
[Flags]
internal enum IdleNotes : byte
{
    None = 0,

    /// <summary>An interrupt returns to idle without an event: the idle loop polls, or no event tells idle.</summary>
    Returns = 1,

    /// <summary>The switch to the idle task told it: no event of idle itself is recorded.</summary>
    FromSwitch = 2,
}
