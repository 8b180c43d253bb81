using System.Text;

namespace Lazykick.Traces.Tests.Reading;

/// <summary>
/// Writes the events of a raw capture as perf record would have stored them: ring after ring, round after round.
/// </summary>
internal sealed class PerfDataWriter
{
    public const ulong Ip = 1,
        Tid = 2,
        Time = 4,
        Cpu = 128,
        Period = 256,
        CallChain = 32,
        Read = 16,
        Raw = 1024,
        Identifier = 1 << 16;

    private readonly List<byte> _file = [];

    /// <summary>What perf record -a asks for.</summary>
    public ulong SampleType { get; init; } = Identifier | Ip | Tid | Time | Cpu | Period | Raw;

    /// <summary>Events of one ring that are written before the next ring has its turn.</summary>
    public int EventsOfRound { get; init; } = 500;

    /// <summary>
    /// Swaps every n-th sample of a ring with the one behind it, as an interrupt between stamp and reservation does; 0
    /// = never.
    /// </summary>
    public int SwapEvery { get; init; }

    /// <summary>Raises the preemption depth of each record by one, as the handler of perf does.</summary>
    public bool AddsPreemption { get; init; }

    /// <summary>Writes the form that perf record has for a pipe.</summary>
    public bool Pipe { get; init; }

    /// <summary>Puts all records into COMPRESSED records.</summary>
    public bool Compress { get; init; }

    /// <summary>Writes a LOST record of 7 events before the n-th sample of CPU 0; 0 = none.</summary>
    public int LostBefore { get; init; }

    public byte[] Write(CaptureParts parts, List<EventList.Entry> events)
    {
        const int attributeBytes = 128;
        if (Pipe)
            return WritePipe(parts, events, attributeBytes);
        _file.AddRange("PERFILE2"u8);
        U64(104);
        U64(attributeBytes + 16);
        var ids = 104L;
        var attributes = ids + 16;
        var data = attributes + attributeBytes + 16;
        U64(attributes);
        U64(attributeBytes + 16);
        U64(data);
        var records = Records(events);
        U64(records.Length);
        U64(0);
        U64(0);
        // TRACING_DATA, OSRELEASE, ARCH, NRCPUS, CLOCK_DATA
        U64((1UL << 1) | (1 << 4) | (1 << 6) | (1 << 7) | (1 << 29));
        _file.AddRange(new byte[24]);
        U64(1);
        U64(2);
        var attribute = Attribute(attributeBytes);
        _file.AddRange(attribute);
        U64(ids);
        U64(16);
        _file.AddRange(records);
        Features(parts);
        return [.. _file];
    }

    private byte[] Attribute(int attributeBytes)
    {
        var attribute = new byte[attributeBytes];
        BitConverter.TryWriteBytes(attribute, 2);
        BitConverter.TryWriteBytes(attribute.AsSpan(4), attributeBytes);
        BitConverter.TryWriteBytes(attribute.AsSpan(24), SampleType);
        BitConverter.TryWriteBytes(attribute.AsSpan(40), (1UL << 18) | (1UL << 25));
        BitConverter.TryWriteBytes(attribute.AsSpan(92), 1);
        return attribute;
    }

    private byte[] WritePipe(CaptureParts parts, List<EventList.Entry> events, int attributeBytes)
    {
        _file.AddRange("PERFILE2"u8);
        U64(16);
        _file.AddRange(
            Record(64, [.. Attribute(attributeBytes), .. BitConverter.GetBytes(1UL), .. BitConverter.GetBytes(2UL)])
        );
        var tracing = TracingData(parts);
        _file.AddRange(Record(66, BitConverter.GetBytes(tracing.Length)));
        _file.AddRange(tracing);
        _file.AddRange(new byte[-tracing.Length & 7]);
        _file.AddRange(Record(80, [.. BitConverter.GetBytes(4UL), .. Text("6.12.1-test")]));
        _file.AddRange(Record(80, [.. BitConverter.GetBytes(6UL), .. Text("x86_64")]));
        _file.AddRange(Record(80, [.. BitConverter.GetBytes(7UL), 4, 0, 0, 0, 4, 0, 0, 0]));
        _file.AddRange(Records(events));
        return [.. _file];
    }

    private void Features(CaptureParts parts)
    {
        byte[][] sections =
        [
            TracingData(parts),
            Text("6.12.1-test"),
            Text("x86_64"),
            [4, 0, 0, 0, 4, 0, 0, 0],
            [
                1,
                0,
                0,
                0,
                1,
                0,
                0,
                0,
                .. BitConverter.GetBytes(1_800_000_000_000_000_000UL),
                .. BitConverter.GetBytes(1_000UL),
            ],
        ];
        var at = _file.Count + (16 * sections.Length);
        foreach (var section in sections)
        {
            U64((ulong)at);
            U64((ulong)section.Length);
            at += section.Length;
        }

        foreach (var section in sections)
            _file.AddRange(section);
    }

    private static byte[] Text(string text) =>
        [.. BitConverter.GetBytes(64), .. Encoding.UTF8.GetBytes(text.PadRight(64, '\0'))];

    /// <summary>What stands in front of the options of a trace.dat 6, under another version.</summary>
    private static byte[] TracingData(CaptureParts parts)
    {
        var dat = TraceDatWriter.Version6(parts);
        var end = dat.AsSpan().IndexOf("options  \0"u8) - 4;
        return [.. dat.AsSpan(0, 10), .. "0.6\0"u8, .. dat.AsSpan(12, end - 12)];
    }

    private byte[] Records(List<EventList.Entry> events)
    {
        var all = new List<byte>();
        all.AddRange(Comm(17, 4711, "spinner"));
        var rings = events.GroupBy(static entry => entry.Cpu).Select(static group => group.ToList()).ToList();
        var written = new int[rings.Count];
        for (var more = true; more;)
        {
            more = false;
            for (var ring = 0; ring < rings.Count; ring++)
            {
                var end = Math.Min(rings[ring].Count, written[ring] + EventsOfRound);
                for (; written[ring] < end; written[ring]++)
                {
                    if (LostBefore > 0 && rings[ring][0].Cpu == 0 && written[ring] == LostBefore)
                        all.AddRange(Lost(7, 0));
                    all.AddRange(Sample(rings[ring][Swapped(written[ring], rings[ring])]));
                }

                more |= written[ring] < rings[ring].Count;
            }

            all.AddRange([68, 0, 0, 0, 0, 0, 8, 0]);
        }

        return Compress ? Pack([.. all]) : [.. all];
    }

    private int Swapped(int index, List<EventList.Entry> ring)
    {
        if (SwapEvery == 0 || index % SwapEvery > 1)
            return index;
        var first = index - (index % SwapEvery);
        // Events of the same time have no order but the file's.
        if (first + 1 >= ring.Count || ring[first].Timestamp == ring[first + 1].Timestamp)
            return index;
        return index == first ? first + 1 : first;
    }

    private byte[] Sample(EventList.Entry entry)
    {
        var payload = Convert.FromHexString(entry.Payload);
        if (AddsPreemption)
            payload[3]++;
        var body = new List<byte>();
        void Add(ulong bit, ulong value)
        {
            if ((SampleType & bit) != 0)
                body.AddRange(BitConverter.GetBytes(value));
        }

        Add(Identifier, 1);
        Add(Ip, 0xffffffff81000000);
        Add(Tid, (ulong)(uint)entry.Pid << 32 | (uint)entry.Pid);
        Add(Time, entry.Timestamp);
        Add(Cpu, (ulong)entry.Cpu);
        Add(Period, 1);
        Add(Read, 99);
        if ((SampleType & CallChain) != 0)
        {
            Add(CallChain, 2);
            Add(CallChain, unchecked((ulong)-128L));
            Add(CallChain, 0xffffffff81000010);
        }

        var padding = (8 - ((payload.Length + 4) % 8)) % 8;
        body.AddRange(BitConverter.GetBytes(payload.Length + padding));
        body.AddRange(payload);
        body.AddRange(new byte[padding]);
        return Record(9, [.. body]);
    }

    private static byte[] Comm(int pid, int thread, string name) =>
        Record(
            3,
            [
                .. BitConverter.GetBytes(pid),
                .. BitConverter.GetBytes(thread),
                .. Encoding.UTF8.GetBytes(name.PadRight(16, '\0')),
                .. Trailer(0),
            ]
        );

    private static byte[] Lost(ulong count, int cpu) =>
        Record(2, [.. BitConverter.GetBytes(1UL), .. BitConverter.GetBytes(count), .. Trailer(cpu)]);

    // pid and tid, time, CPU, identifier
    private static byte[] Trailer(int cpu) =>
        [.. new byte[16], .. BitConverter.GetBytes((ulong)cpu), .. BitConverter.GetBytes(1UL)];

    private static byte[] Record(uint type, byte[] body) =>
        [.. BitConverter.GetBytes(type), 0, 0, .. BitConverter.GetBytes((ushort)(body.Length + 8)), .. body];

    /// <summary>One zstd frame that never ends, cut at places that no record respects.</summary>
    private static byte[] Pack(byte[] records)
    {
        var packed = new List<byte>();
        var isFirst = true;
        foreach (var piece in records.Chunk(30_001))
        {
            byte[] head = isFirst ? [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x38] : [];
            isFirst = false;
            packed.AddRange(Record(81, [.. head, .. BitConverter.GetBytes(piece.Length << 3).AsSpan(0, 3), .. piece]));
        }

        return [.. packed];
    }

    private void U64(long value) => U64((ulong)value);

    private void U64(ulong value) => _file.AddRange(BitConverter.GetBytes(value));
}
