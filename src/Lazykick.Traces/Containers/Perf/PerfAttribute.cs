using System.Buffers.Binary;

namespace Lazykick.Traces.Containers.Perf;

/// <summary>The part of struct perf_event_attr that says how to read the records of an event.</summary>
internal readonly record struct PerfAttribute(
    uint Type,
    ulong Config,
    ulong SampleType,
    ulong ReadFormat,
    ulong Flags,
    int ClockId
)
{
    private const uint SoftwareType = 1,
        TracepointType = 2;
    private const ulong DummyConfig = 9;
    private const ulong SampleIdAll = 1UL << 18,
        UseClockId = 1UL << 25;

    public bool IsTracepoint => Type == TracepointType;

    /// <summary>A dummy event never samples; it is there for the records of processes and mappings.</summary>
    public bool IsDummy => Type == SoftwareType && Config == DummyConfig;

    public bool HasTrailer => (Flags & SampleIdAll) != 0;

    /// <summary>The name that tracefs has for the clock; perf's own is the scheduler's.</summary>
    public string Clock => (Flags & UseClockId) == 0 ? "perf" : NameOf(ClockId);

    public static PerfAttribute Parse(ReadOnlySpan<byte> bytes) =>
        new(
            BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[32..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[40..]),
            bytes.Length >= 96 ? BinaryPrimitives.ReadInt32LittleEndian(bytes[92..]) : 0
        );

    public static string NameOf(int clockId) =>
        clockId switch
        {
            0 => "realtime",
            1 => "mono",
            4 => "mono_raw",
            7 => "boot",
            11 => "tai",
            _ => $"clock {clockId}",
        };
}
