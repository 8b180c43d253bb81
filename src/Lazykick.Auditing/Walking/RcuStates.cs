namespace Lazykick.Auditing.Walking;

/// <summary>What states of a CPU have in common.</summary>
internal static class RcuStates
{
    /// <summary>In the EQS: a text change does not wait for this CPU.</summary>
    public static bool IsEqs(this RcuState state) => state is RcuState.Entering or RcuState.Leaving;

    /// <summary>RCU watches because this CPU left the EQS, and not because an exception nested.</summary>
    public static bool IsWatching(this RcuState state) =>
        state is not (RcuState.Entering or RcuState.Leaving or RcuState.Nested);

    /// <summary>RCU watches, and what synchronises before ordinary text is still to be seen.</summary>
    public static bool IsOpen(this RcuState state) =>
        state is RcuState.Fresh or RcuState.AfterDsb or RcuState.AfterIsb or RcuState.AfterBoth;
}
