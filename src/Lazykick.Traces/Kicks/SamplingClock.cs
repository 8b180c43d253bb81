namespace Lazykick.Traces.Kicks;

/// <summary>
/// When a lazy kick would have looked at its targets. A policy asks all of them before it queues for the first; the
/// trace shows the queueing. Asking a target is taken to last as long as queueing for one: the median of the steps
/// between two targets of one kick, as this trace has shown them so far.
/// </summary>
/// <param name="cpus">CPUs that have events: a kick of which no earlier one is known asks all but its own.</param>
internal sealed class SamplingClock(int cpus)
{
    // A median of so many is steady; a damaged trace may name any number of functions.
    private const int KeptSteps = 255;
    private const int MostFunctions = 4096;

    private readonly Dictionary<int, Burst> _bursts = [];
    private readonly Dictionary<ulong, int> _targets = [];
    private readonly ulong[] _steps = new ulong[KeptSteps];
    private readonly ulong[] _sorted = new ulong[KeptSteps];
    private long _count;
    private bool _isSorted;

    /// <summary>How long asking one target lasts, in units of the trace clock.</summary>
    public ulong Step
    {
        get
        {
            var known = (int)Math.Min(_count, KeptSteps);
            if (known == 0)
                return 0;
            if (!_isSorted)
            {
                _steps.CopyTo(_sorted, 0);
                Array.Sort(_sorted, 0, known);
                _isSorted = true;
            }

            return _sorted[known / 2];
        }
    }

    /// <summary>A function is queued for a target.</summary>
    /// <returns>When the policy asked the targets of this kick.</returns>
    public ulong Queued(int sender, ulong function, ulong callSite, int target, ulong time)
    {
        if (!_bursts.TryGetValue(sender, out var burst))
            _bursts.Add(sender, burst = new Burst());
        // smp_call_function_many_cond goes through its mask upwards.
        if (burst.IsOpen && burst.Function == function && burst.CallSite == callSite && target > burst.Target)
        {
            AddStep(time - Math.Min(time, burst.Time));
            burst.Targets++;
        }
        else
        {
            Close(burst);
            var targets = _targets.GetValueOrDefault(function, Math.Max(1, cpus - 1));
            burst.Span = Step * (ulong)targets;
            burst.SampleTime = time - Math.Min(time, burst.Span);
            (burst.Function, burst.CallSite, burst.Targets, burst.IsOpen) = (function, callSite, 1, true);
        }

        (burst.Target, burst.Time) = (target, time);
        return burst.SampleTime;
    }

    /// <summary>How long asking the targets of the sender's last kick takes.</summary>
    public ulong SpanOf(int sender) => _bursts.TryGetValue(sender, out var burst) ? burst.Span : 0;

    /// <summary>The sender has told its targets.</summary>
    public void Sent(int sender)
    {
        if (_bursts.TryGetValue(sender, out var burst))
            Close(burst);
    }

    private void Close(Burst burst)
    {
        if (!burst.IsOpen)
            return;
        burst.IsOpen = false;
        if (_targets.Count < MostFunctions || _targets.ContainsKey(burst.Function))
            _targets[burst.Function] = burst.Targets;
    }

    private void AddStep(ulong step)
    {
        _steps[_count++ % KeptSteps] = step;
        _isSorted = false;
    }

    private sealed class Burst
    {
        public bool IsOpen;
        public ulong Function;
        public ulong CallSite;
        public ulong SampleTime;
        public ulong Span;
        public ulong Time;
        public int Target;
        public int Targets;
    }
}
