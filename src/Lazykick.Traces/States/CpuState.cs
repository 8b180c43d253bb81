namespace Lazykick.Traces.States;

/// <summary>What a CPU does, as far as a kick is concerned.</summary>
public enum CpuState : byte
{
    /// <summary>The trace does not tell.</summary>
    Unknown,

    /// <summary>Kernel code: system calls, exceptions, interrupts, kernel threads, the scheduler.</summary>
    Kernel,

    /// <summary>User mode on a CPU whose user mode RCU watches: no extended quiescent state (EQS).</summary>
    User,

    /// <summary>User mode in EQS: a <c>nohz_full</c> CPU with context tracking.</summary>
    UserEqs,

    /// <summary>The idle task between <c>cpu_idle</c> entry and exit: EQS.</summary>
    Idle,

    /// <summary>A guest of KVM runs: EQS where context tracking is on.</summary>
    Guest,
}
