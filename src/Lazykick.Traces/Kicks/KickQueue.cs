namespace Lazykick.Traces.Kicks;

/// <summary>The kicks on their way to and from one CPU.</summary>
internal sealed class KickQueue(int cpu)
{
    // A damaged trace may queue without ever running; the oldest give way.
    private const int MostWaiting = 4096;

    private readonly List<List<Kick>> _runAt = [];

    public int Cpu { get; } = cpu;

    /// <summary>Queued for this CPU, not yet run; oldest first.</summary>
    public List<Kick> Outstanding { get; } = [];

    /// <summary>Interrupts sent to this CPU that have not arrived; oldest first.</summary>
    public List<Kick> InFlight { get; } = [];

    /// <summary>Queued by this CPU; whether an interrupt was sent is not known yet.</summary>
    public List<Kick> Undecided { get; } = [];

    /// <summary>The function that runs here.</summary>
    public Kick? Running { get; set; }

    /// <summary>The function that was seen to run here last, and nobody to ask for it; otherwise 0.</summary>
    public ulong Stray { get; set; }

    /// <summary>Interrupts still to come whose work an earlier one did.</summary>
    public int EmptyExpected { get; set; }

    /// <summary>Interrupts announced by ipi_send_* whose ipi_raise is still to come.</summary>
    public int RaisesToCome { get; set; }

    /// <summary>The first kick of the break that is open: it is charged with the break.</summary>
    public SenderKey? Blamed { get; set; }

    /// <summary>For whom the CPU was asked to reschedule while it polled in idle, last.</summary>
    public SenderKey? PolledFor { get; set; }

    /// <summary>The task that the task here woke last, since it runs; otherwise 0.</summary>
    public int Waking { get; set; }

    /// <summary>Kicks that the last event of this CPU told: a call stack that follows is theirs.</summary>
    public List<Kick> Told { get; } = [];

    /// <summary>The next event begins another <see cref="Told"/>.</summary>
    public bool IsTold { get; set; }

    /// <summary>
    /// Kicks of this CPU that a kprobe told before anything was queued: whether there are any, the sending tells.
    /// </summary>
    public List<Kick> Announced { get; } = [];

    /// <summary>Kicks whose function ran in the interrupt handler at a depth.</summary>
    public List<Kick> RunAt(int depth)
    {
        while (_runAt.Count <= depth)
            _runAt.Add([]);
        return _runAt[depth];
    }

    /// <summary>Adds to one of the lists.</summary>
    /// <returns>The kick that had to give way, or null.</returns>
    public static Kick? Enqueue(List<Kick> list, Kick kick)
    {
        Kick? oldest = null;
        if (list.Count >= MostWaiting)
        {
            oldest = list[0];
            list.RemoveAt(0);
        }

        list.Add(kick);
        return oldest;
    }

    /// <summary>Forgets everything that is on its way.</summary>
    public void Clear()
    {
        Outstanding.Clear();
        InFlight.Clear();
        Undecided.Clear();
        Announced.Clear();
        EmptyExpected = 0;
        foreach (var kicks in _runAt)
            kicks.Clear();
    }
}
