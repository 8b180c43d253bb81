namespace Lazykick.Traces.Cpus;

/// <summary>
/// The records of all CPUs in the order of time: a heap of cursors. A CPU is followed for as long as its records are
/// the oldest, so that the merge costs next to nothing where CPUs take turns slowly.
/// </summary>
internal sealed class RecordMerge
{
    private readonly RecordCursor[] _heap;
    private int _count;
    private RecordCursor? _running;
    private RecordCursor? _second;

    /// <param name="cursors">The CPUs' cursors, each at its first record.</param>
    public RecordMerge(IEnumerable<RecordCursor> cursors)
    {
        _heap = [.. cursors];
        _count = _heap.Length;
        Array.Sort(
            _heap,
            static (a, b) =>
                a == b ? 0
                : a.IsBefore(b) ? -1
                : 1
        );
    }

    /// <summary>The cursor at the oldest record, which the caller plays and passes; null at the end.</summary>
    public RecordCursor? Next()
    {
        var running = _running;
        if (running is not null)
        {
            if (running.IsFinished)
            {
                if (--_count > 0)
                    SiftDown(_heap[_count]);
            }
            else if (_second is null || running.IsBefore(_second))
            {
                return running;
            }
            else
            {
                SiftDown(running);
            }
        }

        if (_count == 0)
            return null;
        _second =
            _count > 2 && _heap[2].IsBefore(_heap[1]) ? _heap[2]
            : _count > 1 ? _heap[1]
            : null;
        return _running = _heap[0];
    }

    private void SiftDown(RecordCursor cursor)
    {
        var at = 0;
        while (true)
        {
            var child = (2 * at) + 1;
            if (child >= _count)
                break;
            if (child + 1 < _count && _heap[child + 1].IsBefore(_heap[child]))
                child++;
            if (!_heap[child].IsBefore(cursor))
                break;
            _heap[at] = _heap[child];
            at = child;
        }

        _heap[at] = cursor;
    }
}
