using System.Runtime.InteropServices;

namespace Lazykick.Traces.Events;

/// <summary>One entry of a <see cref="CpuChunk"/>; the meaning of the fields is in <see cref="RecordKind"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CpuRecord
{
    public ulong Time;
    public ulong A;
    public ulong B;
    public ulong C;

    /// <summary>Task that ran.</summary>
    public int Pid;

    /// <summary>Steps of the chunk that lie in front of this record.</summary>
    public int StepsBefore;

    /// <summary>What one kind has beside the others.</summary>
    public int Extra;

    public ushort Other;
    public RecordKind Kind;
    public byte Detail;
}
