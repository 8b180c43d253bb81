using Lazykick.Traces.Kicks;
using Lazykick.Traces.Pricing;
using Lazykick.Traces.States;

namespace Lazykick.Traces.Totals;

/// <summary>Counts of one CPU in one scope.</summary>
internal sealed class CpuTotals(int schemeBits)
{
    public readonly ulong[] Times = new ulong[CpuStates.Count];
    public readonly ulong[] TimesAtOpen = new ulong[CpuStates.Count];

    /// <summary>Interrupts by cause and by the state that they hit.</summary>
    public readonly long[] Interrupts = new long[EntryCauses.Count * CpuStates.Count];

    /// <summary>Brackets by cause and by the state that ended.</summary>
    public readonly long[] Breaks = new long[EntryCauses.Count * CpuStates.Count];

    /// <summary>
    /// Further interrupts inside a bracket that an interrupt opened, by cause and by the state that the bracket ended.
    /// </summary>
    public readonly long[] Further = new long[EntryCauses.Count * CpuStates.Count];

    /// <summary>Time of these brackets.</summary>
    public readonly ulong[] BreakTimes = new ulong[EntryCauses.Count * CpuStates.Count];

    /// <summary>How long breaks of user mode and guests from outside took.</summary>
    public readonly LogHistogram BreakDurations = new();

    /// <summary>The sum of the squares of these times: how unequal they are.</summary>
    public double BreakSquares;

    public long SelfExits;

    /// <summary>Places at which events of this CPU are missing.</summary>
    public long Losses;

    /// <summary>Kicks by verdict.</summary>
    public readonly long[] Verdicts = new long[5];

    /// <summary>Interrupts of kicks by verdict.</summary>
    public readonly long[] InterruptVerdicts = new long[5];

    public long DoubtfulNeedless;

    /// <summary>Kicks by class and state at the sending, and those with an interrupt of their own.</summary>
    public readonly long[] AskedStates = new long[3 * CpuStates.Count];
    public readonly long[] SentStates = new long[3 * CpuStates.Count];

    public readonly long[] Deliveries = new long[4];

    public long WakesWithoutInterrupt;
    public long SelfKicks;

    /// <summary>Kicks whose sender the trace does not show, known by their arrival.</summary>
    public long Unattributed;
    public long NotArrived;

    public readonly SchemeTotals[] Schemes = new SchemeTotals[schemeBits];

    /// <summary>From queueing to the run of the function, and of the handler, in units of the clock.</summary>
    public readonly LogHistogram Latency = new();

    /// <summary>Counts a kick of another CPU.</summary>
    public void Add(Kick kick)
    {
        var verdict = kick.Verdict;
        Verdicts[(int)verdict]++;
        Deliveries[(int)kick.Delivery]++;
        AskedStates[At(kick.Class.Deferrability, kick.SendState)]++;
        if (kick.Delivery == KickDelivery.Interrupt)
        {
            InterruptVerdicts[(int)verdict]++;
            SentStates[At(kick.Class.Deferrability, kick.InterruptState)]++;
        }

        if (kick.IsDoubtful && verdict == KickVerdict.Needless)
            DoubtfulNeedless++;
        if (kick.HasRun && kick.RunTime >= kick.QueueTime)
            Latency.Add(kick.RunTime - kick.QueueTime);
    }

    public static int At(EntryCause cause, CpuState state) => ((int)cause * CpuStates.Count) + (int)state;

    public static int At(Deferrability deferrability, CpuState state) =>
        ((int)deferrability * CpuStates.Count) + (int)state;
}
