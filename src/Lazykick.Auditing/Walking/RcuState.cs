namespace Lazykick.Auditing.Walking;

/// <summary>What is known of a CPU at a step of the walk.</summary>
internal enum RcuState
{
    /// <summary>In the EQS, on the way in.</summary>
    Entering,

    /// <summary>RCU watches; nothing has synchronised since the atomic.</summary>
    Fresh,

    /// <summary>RCU watches; a dsb came after the atomic.</summary>
    AfterDsb,

    /// <summary>RCU watches; an isb (x86: a serialising instruction) came after the atomic.</summary>
    AfterIsb,

    /// <summary>RCU watches; a dsb came after the atomic, then an isb.</summary>
    AfterBoth,

    /// <summary>RCU watches, and ordinary text runs already, or nobody asks.</summary>
    Watching,

    /// <summary>RCU watches in an exception that came while it watched.</summary>
    Nested,

    /// <summary>In the EQS again: on the way out, idle, or in a guest.</summary>
    Leaving,
}
