using System.Runtime.CompilerServices;

namespace Lazykick.Traces.Events;

/// <summary>
/// A stretch of one CPU's life, condensed. Steps are the frequent changes between user mode and the kernel by the
/// task's own doing, 8 bytes each; records are everything that needs to be joined with other CPUs. Steps are only
/// looked at in long runs, when a record of any CPU asks for the state of this one.
/// </summary>
internal sealed class CpuChunk(int records, int steps)
{
    // What one event can emit besides the targets of a mask.
    private const int Reserve = 8;

    public CpuRecord[] Records = new CpuRecord[records + Reserve];
    public readonly ulong[] Steps = new ulong[steps + Reserve];
    public readonly List<string> Texts = [];
    public readonly List<ulong[]> Stacks = [];
    public int RecordCount;
    public int StepCount;

    public bool IsFull => RecordCount >= records || StepCount >= steps;

    public bool IsEmpty => (RecordCount | StepCount) == 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Step(ulong time, StepCode code) => Steps[StepCount++] = (time << 2) | (byte)code;

    public ref CpuRecord Add(RecordKind kind, ulong time)
    {
        // Only a mask of very many CPUs comes past the reserve.
        if (RecordCount == Records.Length)
            Array.Resize(ref Records, Records.Length * 2);
        ref var record = ref Records[RecordCount++];
        record = default;
        record.Kind = kind;
        record.Time = time;
        record.StepsBefore = StepCount;
        return ref record;
    }

    public void Clear()
    {
        RecordCount = 0;
        StepCount = 0;
        Texts.Clear();
        Stacks.Clear();
    }
}
