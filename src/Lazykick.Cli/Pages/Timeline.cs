using Lazykick.Traces.Kicks;
using Lazykick.Traces.States;
using Lazykick.Traces.Timelines;

namespace Lazykick.Cli.Pages;

/// <summary>
/// Everything that happened, packed as the page reads it (Pages/Assets/report-data.js has the other half).
/// </summary>
internal sealed class Timeline : ITimelineObserver
{
    /// <summary>
    /// Changes of state, kicks, interrupts and breaks that a page holds; a browser wants about 50 bytes for each.
    /// </summary>
    public const long MostItems = 12_000_000;

    private const ulong Gap = 7;

    private readonly SortedDictionary<int, Lane> _lanes = [];
    private readonly PackedBytes _kicks = new();
    private readonly PackedBytes _interrupts = new();
    private readonly PackedBytes _breaks = new();
    private readonly Numbering<ulong> _addresses = new(0);
    private readonly Numbering<int> _tasks = new(-1);

    /// <summary>Everything that was added.</summary>
    public long Items { get; private set; }

    public long Kicks { get; private set; }

    public long Interrupts { get; private set; }

    public long Breaks { get; private set; }

    /// <summary>Functions and calls by number, 0 for none.</summary>
    public IReadOnlyList<ulong> Addresses => _addresses.Values;

    /// <summary>Tasks by number, 0 for none.</summary>
    public IReadOnlyList<int> Tasks => _tasks.Values;

    /// <summary>The CPUs with states, ascending.</summary>
    public IReadOnlyCollection<int> Cpus => _lanes.Keys;

    /// <summary>Where the bytes of each CPU's states begin, and how many stretches they are.</summary>
    public IEnumerable<(int Cpu, ulong Start, long Count)> Lanes =>
        _lanes.Select(static lane => (lane.Key, lane.Value.Start, lane.Value.Count));

    public void OnState(int cpu, CpuState state, ulong from, ulong to)
    {
        if (!_lanes.TryGetValue(cpu, out var lane))
            _lanes.Add(cpu, lane = new Lane(from));
        Items += lane.Add(state, from, to);
    }

    public void OnInterrupt(InterruptSpan interrupt)
    {
        Items++;
        Interrupts++;
        _interrupts.AddTime(interrupt.Entry);
        _interrupts.AddWay(interrupt.Entry, interrupt.Exit);
        _interrupts.Add(interrupt.Cpu);
        _interrupts.Add((int)interrupt.Cause);
        _interrupts.Add(interrupt.Irq + 1);
        _interrupts.Add((int)interrupt.Hit);
    }

    public void OnBreak(BreakSpan broken)
    {
        Items++;
        Breaks++;
        _breaks.AddTime(broken.Start);
        _breaks.Add(broken.Duration);
        _breaks.Add(broken.Cpu);
        _breaks.Add((int)broken.Of);
        _breaks.Add((int)broken.Cause);
        _breaks.Add(broken.Irq + 1);
        _breaks.Add(_addresses.Of(broken.Function));
        _breaks.Add(_addresses.Of(broken.CallSite));
        _breaks.Add(_tasks.Of(broken.Sender));
    }

    public void OnKick(KickDetail kick)
    {
        Items++;
        Kicks++;
        _kicks.AddTime(kick.QueueTime);
        _kicks.AddWay(kick.QueueTime, kick.ArrivalTime);
        _kicks.AddWay(kick.QueueTime, kick.RunTime);
        _kicks.AddWay(0, kick.RunDuration);
        _kicks.Add(kick.Sender);
        _kicks.Add(kick.Target);
        _kicks.Add(_tasks.Of(kick.Pid));
        _kicks.Add(_addresses.Of(kick.Function));
        _kicks.Add(_addresses.Of(kick.CallSite));
        _kicks.Add((int)kick.Vector);
        _kicks.Add((int)kick.Delivery);
        _kicks.Add((int)kick.SendState);
        _kicks.Add(kick.ArrivalState is { } hit ? (int)hit + 1 : 0);
        _kicks.Add((int)kick.Verdict);
    }

    /// <summary>All bytes: the states of each CPU, then kicks, interrupts and breaks.</summary>
    public void WriteTo(Stream output)
    {
        foreach (var lane in _lanes.Values)
            lane.Finish().CopyTo(output);
        _kicks.CopyTo(output);
        _interrupts.CopyTo(output);
        _breaks.CopyTo(output);
    }

    /// <summary>The states of a CPU: each stretch as its length, eight times, and the state.</summary>
    private sealed class Lane(ulong start)
    {
        private readonly PackedBytes _bytes = new();
        private CpuState _state;
        private ulong _since = start;
        private ulong _end = start;
        private long _finished;

        public ulong Start { get; } = start;

        /// <summary>Stretches, the one that goes on among them.</summary>
        public long Count => _finished + (_end > _since ? 1 : 0);

        /// <summary>Adds a stretch.</summary>
        /// <returns>1 where it is a new one, 0 where it goes on.</returns>
        public int Add(CpuState state, ulong from, ulong to)
        {
            if (from == _end && state == _state && _end > _since)
            {
                _end = to;
                return 0;
            }

            Flush();
            if (from > _end)
                Put(from - _end, Gap);
            (_state, _since, _end) = (state, from, to);
            return 1;
        }

        public PackedBytes Finish()
        {
            Flush();
            _since = _end;
            return _bytes;
        }

        private void Flush()
        {
            if (_end > _since)
                Put(_end - _since, (ulong)_state);
        }

        private void Put(ulong length, ulong state)
        {
            _finished++;
            // Lengths of 2^61 units and more do not occur: that is 73 years in nanoseconds.
            _bytes.Add(length << 3 | state);
        }
    }

    /// <summary>Small numbers for values that come again.</summary>
    private sealed class Numbering<T>
        where T : notnull
    {
        private readonly Dictionary<T, int> _numbers = [];
        private readonly List<T> _values = [];

        public Numbering(T none) => Of(none);

        public IReadOnlyList<T> Values => _values;

        public int Of(T value)
        {
            if (_numbers.TryGetValue(value, out var number))
                return number;
            _numbers.Add(value, _values.Count);
            _values.Add(value);
            return _values.Count - 1;
        }
    }
}
