using Lazykick.Traces.Formats;

namespace Lazykick.Traces.Containers;

/// <summary>
/// Pulls the events of several CPUs in the order of time; events of the same time in the order of their CPUs. A CPU is
/// followed for as long as its events are the oldest, so that the merge costs next to nothing where CPUs take turns
/// slowly.
/// </summary>
public sealed class TraceReader
{
    // A binary heap by (time, CPU) of the cursors that stand on an event.
    private readonly CpuEventCursor[] _heap;
    private readonly CpuEventCursor[] _all;
    private int _count;
    private bool _started;
    private CpuEventCursor? _running;
    private ulong _limitTime;
    private int _limitCpu;

    internal TraceReader(IEnumerable<CpuEventCursor> cursors)
    {
        _all = [.. cursors];
        _heap = new CpuEventCursor[_all.Length];
    }

    /// <summary>The cursors that this reader merges, for their counts. Do not move them.</summary>
    public IReadOnlyList<CpuEventCursor> Cpus => _all;

    /// <summary>All events passed so far, delivered or not.</summary>
    public long EventCount => _all.Sum(static cpu => cpu.EventCount);

    /// <summary>The next event, if there is one. Never throws for what the file holds.</summary>
    public bool TryRead(out TraceEvent next)
    {
        var running = _running;
        if (running is not null && running.MoveNext())
        {
            if (running.Timestamp < _limitTime || (running.Timestamp == _limitTime && running.Cpu < _limitCpu))
            {
                next = running.Current;
                return true;
            }

            SiftDown(running);
        }
        else if (running is not null)
        {
            if (--_count > 0)
                SiftDown(_heap[_count]);
        }
        else if (!_started)
        {
            Start();
        }

        if (_count == 0)
        {
            _running = null;
            next = default;
            return false;
        }

        running = _running = _heap[0];
        SetLimit();
        next = running.Current;
        return true;
    }

    private void Start()
    {
        _started = true;
        foreach (var cursor in _all)
        {
            if (cursor.MoveNext())
                _heap[_count++] = cursor;
        }

        Array.Sort(
            _heap,
            0,
            _count,
            Comparer<CpuEventCursor>.Create(
                static (a, b) =>
                    IsBefore(a, b) ? -1
                    : IsBefore(b, a) ? 1
                    : 0
            )
        );
    }

    private void SetLimit()
    {
        (_limitTime, _limitCpu) = (ulong.MaxValue, int.MaxValue);
        if (_count == 1)
            return;
        var second = _count > 2 && IsBefore(_heap[2], _heap[1]) ? _heap[2] : _heap[1];
        (_limitTime, _limitCpu) = (second.Timestamp, second.Cpu);
    }

    private void SiftDown(CpuEventCursor cursor)
    {
        var at = 0;
        while (true)
        {
            var child = (2 * at) + 1;
            if (child >= _count)
                break;
            if (child + 1 < _count && IsBefore(_heap[child + 1], _heap[child]))
                child++;
            if (!IsBefore(_heap[child], cursor))
                break;
            _heap[at] = _heap[child];
            at = child;
        }

        _heap[at] = cursor;
    }

    private static bool IsBefore(CpuEventCursor a, CpuEventCursor b) =>
        a.Timestamp < b.Timestamp || (a.Timestamp == b.Timestamp && a.Cpu < b.Cpu);
}
