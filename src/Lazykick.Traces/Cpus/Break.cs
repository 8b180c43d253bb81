using Lazykick.Traces.States;

namespace Lazykick.Traces.Cpus;

/// <summary>
/// From the moment at which a CPU leaves a state outside the kernel for something that is not its task's own doing,
/// until it returns to one: of user mode a break of isolation, of idle a wake-up.
/// </summary>
internal sealed class Break
{
    private const int LongestChain = 8;

    private readonly List<(EntryCause Cause, int Irq)> _chain = [];

    public bool IsOpen { get; private set; }

    /// <summary>The state that ended.</summary>
    public CpuState Of { get; private set; }

    /// <summary>What came first.</summary>
    public EntryCause Cause { get; set; }

    public ulong Start { get; private set; }

    /// <summary><see cref="CpuTimeline.Exits"/> before it.</summary>
    public long ExitsBefore { get; private set; }

    /// <summary>Interrupts that have begun inside it.</summary>
    public int Interrupts { get; private set; }

    /// <summary>The first of them, by cause and number of the device's interrupt (-1 for others).</summary>
    public IReadOnlyList<(EntryCause Cause, int Irq)> Chain => _chain;

    /// <summary>The first function of a timer that ran inside it, or 0.</summary>
    public ulong Timer { get; private set; }

    /// <summary>What kept the tick going that came first, a bit each, + 1; 0 where nothing tells.</summary>
    public int TickKeptBy { get; private set; }

    /// <summary>The task that ran next, if one was switched to; otherwise 0.</summary>
    public int Next { get; private set; }

    /// <summary>The softirqs that ran inside it, a bit each as the kernel numbers them.</summary>
    public uint SoftIrqs { get; private set; }

    /// <summary>The task that was interrupted.</summary>
    public int Pid { get; private set; }

    /// <summary>
    /// A state event said that the CPU left: the idle loop goes on, it did not merely take an interrupt.
    /// </summary>
    public bool HasLeft { get; set; }

    /// <summary>The parts of the trace that were open at its begin, a bit each.</summary>
    public ulong Scopes { get; set; }

    public void Open(CpuState of, EntryCause cause, int pid, ulong time, long exitsBefore)
    {
        Pid = pid;
        _chain.Clear();
        IsOpen = true;
        Of = of;
        Cause = cause;
        Start = time;
        ExitsBefore = exitsBefore;
        Interrupts = 0;
        HasLeft = false;
        (Timer, TickKeptBy, Next, SoftIrqs) = (0, 0, 0, 0);
    }

    /// <summary>An interrupt begins inside it.</summary>
    public void Add(InterruptFrame frame)
    {
        Interrupts++;
        if (_chain.Count < LongestChain)
            _chain.Add((frame.Cause, frame.Irq));
        if (TickKeptBy == 0)
            TickKeptBy = frame.TickKeptBy;
    }

    /// <summary>A timer's function runs inside it.</summary>
    public void Expire(ulong function)
    {
        if (Timer == 0)
            Timer = function;
    }

    /// <summary>A softirq runs inside it.</summary>
    public void RunSoftIrq(uint bit)
    {
        if (IsOpen)
            SoftIrqs |= bit;
    }

    /// <summary>Another task runs from here on.</summary>
    public void SwitchTo(int pid)
    {
        if (Next == 0)
            Next = pid;
    }

    public void Close() => IsOpen = false;
}
