namespace Lazykick.Traces.States;

/// <summary>Why a CPU came into the kernel.</summary>
public enum EntryCause : byte
{
    /// <summary>
    /// Nothing that the trace shows: an idle CPU that saw a need to reschedule while polling, for example.
    /// </summary>
    None,

    /// <summary>The task's own system call.</summary>
    SystemCall,

    /// <summary>The task's own exception, for example a page fault.</summary>
    Exception,

    /// <summary>
    /// A function-call interrupt (IPI): x86 call_function and call_function_single, arm64 "Function call interrupts".
    /// </summary>
    FunctionCall,

    /// <summary>A reschedule interrupt (IPI).</summary>
    Reschedule,

    /// <summary>An irq_work interrupt.</summary>
    IrqWork,

    /// <summary>
    /// Another interrupt sent by a CPU: stop, backtrace, or one whose reason the trace does not tell.
    /// </summary>
    OtherIpi,

    /// <summary>The timer of the CPU: scheduler tick and high-resolution timers.</summary>
    Tick,

    /// <summary>A device, or a local vector such as thermal events.</summary>
    Device,

    /// <summary>A non-maskable interrupt.</summary>
    Nmi,

    /// <summary>The state event says that the CPU came into the kernel; no event of the trace says why.</summary>
    Other,
}
