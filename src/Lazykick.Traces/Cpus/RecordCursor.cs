using System.Runtime.CompilerServices;
using Lazykick.Traces.Events;

namespace Lazykick.Traces.Cpus;

/// <summary>How far the records of one CPU have been played: the chunk at hand, and the places in it.</summary>
internal sealed class RecordCursor(CpuLane lane)
{
    private CpuChunk _chunk = null!;
    private int _record;

    public CpuLane Lane => lane;

    public int Cpu { get; } = lane.Cpu;

    /// <summary>All records and steps of this CPU have been played.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>
    /// The record at which the cursor stands. A chunk ends with a record, so that there always is one.
    /// </summary>
    public ref CpuRecord Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _chunk.Records[_record];
    }

    /// <summary>The first step of the chunk that has not been played.</summary>
    public int NextStep { get; private set; }

    /// <summary>Steps that may be played before the record at which the cursor stands.</summary>
    public int StepsBeforeCurrent => Current.StepsBefore;

    public void Start(CancellationToken cancellation) => _chunk = lane.Take(null, cancellation);

    /// <summary>Passes the record at which the cursor stands.</summary>
    public void Pass() => _record++;

    /// <summary>Passes the last record of a chunk and takes the next chunk, if there is one.</summary>
    public void PassChunk(CancellationToken cancellation)
    {
        if (Current.Detail != 0)
        {
            IsFinished = true;
            return;
        }

        cancellation.ThrowIfCancellationRequested();
        _chunk = lane.Take(_chunk, cancellation);
        (_record, NextStep) = (0, 0);
    }

    /// <summary>The steps from the next one up to an index; they count as played.</summary>
    public ReadOnlySpan<ulong> TakeSteps(int end)
    {
        var steps = _chunk.Steps.AsSpan(NextStep, end - NextStep);
        NextStep = end;
        return steps;
    }

    /// <summary>Index after the last step up to a time, but none after the record at which the cursor stands.</summary>
    public int StepsUntil(ulong time)
    {
        var limit = Current.StepsBefore;
        var steps = _chunk.Steps;
        var end = NextStep;
        while (end < limit && (steps[end] >> 2) <= time)
            end++;
        return end;
    }

    /// <summary>A text that the current record names.</summary>
    public string TextAt(int index) => _chunk.Texts[index];

    /// <summary>The call stack that the current record names.</summary>
    public ulong[] StackOf(in CpuRecord record) => _chunk.Stacks[(int)record.A];

    /// <summary>The order of time; of records of the same time, the lower CPU's first.</summary>
    public bool IsBefore(RecordCursor other)
    {
        var (left, right) = (Current.Time, other.Current.Time);
        return left != right ? left < right : Cpu < other.Cpu;
    }
}
