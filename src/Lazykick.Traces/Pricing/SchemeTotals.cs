using Lazykick.Traces.States;

namespace Lazykick.Traces.Pricing;

/// <summary>What one scheme (in one variant) does to one CPU.</summary>
internal struct SchemeTotals
{
    /// <summary>Kicks of a class that the scheme serves, and their interrupts.</summary>
    public long Served;
    public long ServedInterrupts;

    /// <summary>Kicks left out and deferred.</summary>
    public long Skipped;

    /// <summary>Interrupts of the trace that are not sent.</summary>
    public long Avoided;

    /// <summary>Interrupts that the trace does not have: a kick that rode on a skipped one.</summary>
    public long Added;

    public long UserBreaksAvoided;
    public long IdleWakesAvoided;
    public long GuestExitsAvoided;

    /// <summary>Time of breaks that do not happen.</summary>
    public ulong StolenAvoided;

    /// <summary>
    /// Kicks left out of a CPU that had no deferred work: for each there is one return to the kernel at which all of it
    /// is done. Counted when the work is deferred, so that a part of a trace has the same whatever follows.
    /// </summary>
    public long CatchUps;

    /// <summary>The decisions about interrupts of the classes that it serves, one after the other.</summary>
    public DecisionRuns Decisions;

    public void AddAvoidedBreak(CpuState of, ulong duration)
    {
        StolenAvoided += duration;
        switch (of)
        {
            case CpuState.Idle:
                IdleWakesAvoided++;
                break;
            case CpuState.Guest:
                GuestExitsAvoided++;
                break;
            default:
                UserBreaksAvoided++;
                break;
        }
    }
}
