using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Lazykick.Traces.Containers.TraceDat;

/// <summary>What the options say that both versions of trace.dat have in the same form.</summary>
internal sealed class TraceOptions(TraceContents contents, Metadata metadata)
{
    /// <summary>Begins the statistics line in which <c>lazykick record</c> names the events that were on.</summary>
    public const string EventsOn = "lazykick events: ";

    /// <summary>Begins the one with the cgroups of tasks, "PID path" lines.</summary>
    public const string CgroupsOf = "lazykick cgroups:\n";

    /// <summary>Begins the one with the recorder's own tasks.</summary>
    public const string RecorderIs = "lazykick recorder: ";

    /// <summary>Begins the one with the CPUs that were recorded, if not all of them were.</summary>
    public const string CpusAre = "lazykick cpus: ";

    /// <summary>
    /// Begins the one that says of a version 6 that an event without a format is one that the kernel lacks.
    /// </summary>
    public const string AllFormats = "lazykick formats: all";

    private static readonly byte[] s_allFormats = Encoding.UTF8.GetBytes(AllFormats);
    private static readonly byte[] s_cpusAre = Encoding.UTF8.GetBytes(CpusAre);
    private static readonly byte[] s_cgroupsOf = Encoding.UTF8.GetBytes(CgroupsOf);
    private static readonly byte[] s_recorderIs = Encoding.UTF8.GetBytes(RecorderIs);
    private static readonly byte[] s_eventsOn = Encoding.UTF8.GetBytes(EventsOn);

    private readonly List<CpuStatistics> _statistics = [];
    private long? _date;
    private long _offset;

    /// <summary>Clock of the top buffer; null where no option names it.</summary>
    public string? Clock { get; private set; }

    /// <summary>Number of CPUs of the machine; null where no option says it.</summary>
    public int? CpuCount { get; private set; }

    public void Take(TraceOption option, byte[] data)
    {
        switch (option)
        {
            case TraceOption.Date:
                // Microseconds between the trace clock and the time of day (trace-cmd record --date).
                _date =
                    ParseNumber(data) is { } micros && Math.Abs((double)micros) < long.MaxValue / 1000.0
                        ? micros * 1000
                        : null;
                break;
            case TraceOption.Offset:
                _offset = ParseNumber(data) ?? 0;
                break;
            case TraceOption.CpuStatistics:
                if (data.AsSpan().StartsWith(s_cgroupsOf))
                {
                    contents.Cgroups.AddLines(data.AsSpan(s_cgroupsOf.Length).TrimEnd((byte)0));
                    break;
                }

                if (data.AsSpan().StartsWith(s_recorderIs))
                {
                    contents.RecorderTasks.UnionWith(Numbers(data.AsSpan(s_recorderIs.Length)));
                    break;
                }

                if (data.AsSpan().StartsWith(s_cpusAre))
                {
                    contents.RecordedCpus = Numbers(data.AsSpan(s_cpusAre.Length)).ToHashSet();
                    break;
                }

                if (data.AsSpan().StartsWith(s_allFormats))
                {
                    contents.HasAllFormats = true;
                    break;
                }

                _statistics.AddRange(CpuStatisticsParser.Parse(data));
                if (data.AsSpan().StartsWith(s_eventsOn))
                {
                    contents.SwitchedOn =
                    [
                        .. Encoding.UTF8.GetString(data.AsSpan(s_eventsOn.Length)).TrimEnd('\0').Split(' '),
                    ];
                    contents.HasAllFormats |= contents.Container == TraceContainer.TraceDat7;
                }

                break;
            case TraceOption.TraceClock:
                Clock = TraceClock.Selected(Encoding.UTF8.GetString(data));
                break;
            case TraceOption.Uname:
                metadata.SetIdentity(data);
                break;
            case TraceOption.CpuCount when data.Length >= 4:
                CpuCount = (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(data), ushort.MaxValue);
                break;
            case TraceOption.TscToNanoseconds when data.Length >= 16:
                contents.ClockScale = new ClockScale(
                    BinaryPrimitives.ReadUInt32LittleEndian(data),
                    BinaryPrimitives.ReadInt32LittleEndian(data.AsSpan(4)) & 63,
                    BinaryPrimitives.ReadUInt64LittleEndian(data.AsSpan(8))
                );
                break;
        }
    }

    /// <summary>Hands over what only the whole set of options tells.</summary>
    public void Finish()
    {
        contents.Statistics = _statistics;
        if (_date is { } date)
            contents.WallClockOffset = date + _offset;
    }

    private static List<int> Numbers(ReadOnlySpan<byte> words)
    {
        var numbers = new List<int>();
        foreach (var word in Encoding.UTF8.GetString(words).TrimEnd('\0').Split(' '))
        {
            if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                numbers.Add(number);
        }

        return numbers;
    }

    /// <summary>A decimal or 0x number, as strtoll with base 0 takes it.</summary>
    private static long? ParseNumber(byte[] data)
    {
        var text = Encoding.UTF8.GetString(data).TrimEnd('\0').Trim();
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            return long.TryParse(
                text.AsSpan(2),
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture,
                out var hex
            )
                ? hex
                : null;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;
    }
}
