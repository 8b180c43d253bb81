namespace Lazykick.Traces.States;

/// <summary>What the states have in common.</summary>
internal static class CpuStates
{
    public const int Count = 6;

    /// <summary>In an extended quiescent state the CPU runs no kernel code, and everyone can see that.</summary>
    public static bool IsEqs(this CpuState state) => state is CpuState.UserEqs or CpuState.Idle or CpuState.Guest;

    /// <summary>The CPU is known to run no kernel code, visible to others or not.</summary>
    public static bool IsOutsideKernel(this CpuState state) => state >= CpuState.User;
}
