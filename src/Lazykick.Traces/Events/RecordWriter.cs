using System.Runtime.CompilerServices;
using Lazykick.Traces.Formats;

namespace Lazykick.Traces.Events;

/// <summary>Writes the records of one CPU into the chunk that is open.</summary>
internal sealed class RecordWriter
{
    private CpuChunk _chunk = null!;
    private uint _activities;

    /// <summary>The record that was written last.</summary>
    public ref CpuRecord Last => ref _chunk.Records[_chunk.RecordCount - 1];

    /// <summary>The first record of the chunk.</summary>
    public ref CpuRecord First => ref _chunk.Records[0];

    /// <summary>What is written goes into this chunk from here on.</summary>
    public void Open(CpuChunk chunk) => _chunk = chunk;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Step(ulong time, StepCode code) => _chunk.Step(time, code);

    public ref CpuRecord Add(RecordKind kind, ulong time) => ref _chunk.Add(kind, time);

    public ref CpuRecord Add(RecordKind kind, in TraceEvent e, ulong time)
    {
        ref var record = ref _chunk.Add(kind, time);
        record.Pid = e.Pid;
        return ref record;
    }

    /// <summary>Keeps a text for a record.</summary>
    /// <returns>Its number within the chunk.</returns>
    public ulong AddText(string text)
    {
        _chunk.Texts.Add(text);
        return (ulong)(_chunk.Texts.Count - 1);
    }

    /// <summary>Writes a call stack.</summary>
    public void AddStack(ulong[] frames, ulong time)
    {
        _chunk.Add(RecordKind.Stack, time).A = (ulong)_chunk.Stacks.Count;
        _chunk.Stacks.Add(frames);
    }

    /// <summary>Writes that softirqs ran, each once for each state.</summary>
    public void AddActivity(in TraceEvent e, ulong time, int softIrq)
    {
        var bit = 1u << (softIrq & 31);
        if ((_activities & bit) != 0)
            return;
        _activities |= bit;
        Add(RecordKind.Activity, e, time).A = bit;
    }

    /// <summary>The state changes: activity is written again.</summary>
    public void ChangeState() => _activities = 0;
}
