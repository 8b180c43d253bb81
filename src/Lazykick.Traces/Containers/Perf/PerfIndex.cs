using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;
using Lazykick.Traces.Bytes;
using Lazykick.Traces.Names;

namespace Lazykick.Traces.Containers.Perf;

/// <summary>
/// One pass over the headers of all records: which runs belong to which CPU, and how far out of order they are. perf
/// drains the ring of one CPU after another, so that runs are long and the index is short; with it each CPU can be
/// walked alone and in order, without holding a round of the recorder in memory.
/// </summary>
internal sealed unsafe class PerfIndex(
    ByteSource source,
    SampleLayouts layouts,
    TaskNames tasks,
    PerfKernelMap kernel,
    DamageLog damage
)
{
    private const int BlockBytes = 1 << 20;
    private const int MostCpus = 1 << 16;

    private readonly SortedDictionary<int, PerfCpu> _cpus = [];
    private PerfCpu? _current;
    private long _strangers;
    private long _firstStranger;

    public bool HasCompressedRecords { get; private set; }

    public IEnumerable<PerfCpu> Cpus => _cpus.Values;

    /// <summary>Goes over the records between two places of the file.</summary>
    public void Scan(long start, long end)
    {
        var buffer = GC.AllocateUninitializedArray<byte>(BlockBytes + ushort.MaxValue, pinned: true);
        var only = layouts.Only;
        var position = start;
        fixed (byte* memory = buffer)
        {
            for (long used = 1; used > 0 && position < end; position += used)
            {
                var wanted = (int)Math.Min(buffer.Length, end - position);
                var length = source.Read(buffer.AsSpan(0, wanted), position);
                used = ScanBlock(memory, length, position, length < wanted || position + length >= end, only);
            }
        }

        foreach (var cpu in _cpus.Values)
            cpu.Finish();
        if (_strangers == 0)
            return;
        damage.Add(
            source.Name,
            _firstStranger,
            $"expected samples of the events that the attributes name, found {_strangers} with an id of none from here "
                + "on"
        );
    }

    /// <summary>Takes the whole records of a block.</summary>
    /// <returns>
    /// Bytes taken, which may go beyond the block; 0 where the records cannot be followed any further.
    /// </returns>
    private long ScanBlock(byte* block, int length, long position, bool isLast, SampleLayout? only)
    {
        long at = 0;
        while (at < length)
        {
            var left = length - at;
            if (left < SampleLayout.HeaderBytes)
            {
                return isLast
                    ? Broken(position + at, $"a record header of {SampleLayout.HeaderBytes} bytes, {left} are left")
                    : at;
            }

            var record = block + at;
            int size = Unsafe.ReadUnaligned<ushort>(record + 6);
            if (size < SampleLayout.HeaderBytes)
                return Broken(position + at, $"a record of at least {SampleLayout.HeaderBytes} bytes, found {size}");
            if (size > left)
                return isLast ? Broken(position + at, $"a record of {size} bytes, {left} are left") : at;
            var type = Unsafe.ReadUnaligned<uint>(record);
            if (type == PerfRecord.Sample)
                TakeSample(record, size, position + at, only);
            else
                at += TakeOther(record, size, type, position + at);
            at += size;
        }

        return at;
    }

    private long Broken(long offset, string expected)
    {
        damage.Add(source.Name, offset, "expected " + expected);
        return 0;
    }

    private void TakeSample(byte* record, int size, long offset, SampleLayout? only)
    {
        var layout = only ?? layouts.Find(record, size);
        if (layout is null && !layouts.HasIdOf(record, size) && _strangers++ == 0)
            _firstStranger = offset;
        if (layout is null || size < layout.CpuOffset + 4)
            return;
        Take(
            Unsafe.ReadUnaligned<int>(record + layout.CpuOffset),
            offset,
            size,
            Unsafe.ReadUnaligned<ulong>(record + layout.TimeOffset)
        );
    }

    private void Take(int number, long offset, int size, ulong? time)
    {
        var cpu = _current;
        var continues = cpu is not null && cpu.Cpu == number;
        if (!continues)
        {
            if ((uint)number >= MostCpus)
            {
                damage.Add(source.Name, offset, $"expected a CPU below {MostCpus}, found {(uint)number}");
                return;
            }

            if (!_cpus.TryGetValue(number, out cpu))
                _cpus.Add(number, cpu = new PerfCpu(number));
            _current = cpu;
        }

        cpu!.Add(offset, size, time, continues);
    }

    /// <summary>Handles records that are no samples.</summary>
    /// <returns>Bytes behind the record that belong to it but are not counted in its size.</returns>
    private long TakeOther(byte* record, int size, uint type, long offset)
    {
        switch (type)
        {
            case PerfRecord.Compressed or PerfRecord.Compressed2:
                HasCompressedRecords = true;
                break;
            case PerfRecord.Lost
            or PerfRecord.LostSamples
                when layouts.Trailer is { TrailerCpuFromEnd: > 0 } trailer
                    && size >= SampleLayout.HeaderBytes + trailer.TrailerBytes:
                Take(Unsafe.ReadUnaligned<int>(record + size - trailer.TrailerCpuFromEnd), offset, size, null);
                break;
            case PerfRecord.Map:
                kernel.TakeMap(record, size);
                break;
            case PerfRecord.Comm when size >= 16:
                var name = new ReadOnlySpan<byte>(
                    record + 16,
                    size - 16 - Math.Min(size - 16, layouts.Trailer?.TrailerBytes ?? 0)
                );
                var end = name.IndexOf((byte)0);
                var thread = Unsafe.ReadUnaligned<int>(record + 12);
                tasks.Set(thread, Encoding.UTF8.GetString(end < 0 ? name : name[..end]));
                tasks.SetGroup(thread, Unsafe.ReadUnaligned<int>(record + 8));
                break;
            case PerfRecord.TracingData when size >= PerfPipe.TracingDataBytes:
                return PerfPipe.BytesAfter(Unsafe.ReadUnaligned<uint>(record + SampleLayout.HeaderBytes));
            case PerfRecord.AuxTrace when size >= 16:
                // Followed by that much data of a hardware tracer.
                return (long)
                    Math.Min(
                        BinaryPrimitives.ReadUInt64LittleEndian(new ReadOnlySpan<byte>(record + 8, 8)),
                        long.MaxValue / 4
                    );
        }

        return 0;
    }
}
