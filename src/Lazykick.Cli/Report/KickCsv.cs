using System.Globalization;
using Lazykick.Traces.Files;
using Lazykick.Traces.Kicks;
using Lazykick.Traces.Names;
using Lazykick.Traces.Pricing;

namespace Lazykick.Cli.Report;

/// <summary>One line a kick, for spreadsheets and databases.</summary>
internal sealed class KickCsv : IKickTable
{
    private readonly TextWriter _out;
    private readonly TraceFile _trace;
    private readonly TraceTimes _times;
    private readonly KickDecisions _decisions;
    private readonly Dictionary<ulong, string> _names = [];

    public KickCsv(TextWriter output, TraceFile trace, IReadOnlyList<SkipRule> schemes)
    {
        _out = output;
        _trace = trace;
        _times = new TraceTimes(trace);
        _decisions = new KickDecisions(schemes);
        _out.WriteLine(
            string.Join(',', Columns.Concat(schemes.Select(static scheme => Quote("scheme " + scheme.Name))))
        );
    }

    /// <summary>The columns before those of the schemes.</summary>
    public static IReadOnlyList<string> Columns { get; } =
    [
        "asked",
        "sender_cpu",
        "pid",
        "task",
        "target_cpu",
        "function",
        "call_site",
        "interrupt",
        "delivery",
        "state_asked",
        "state_sent",
        "state_hit",
        "verdict",
        "to_arrival_ns",
        "to_run_ns",
        "run_ns",
        "sampled",
        "state_sampled",
        "system_call",
        "stack",
    ];

    public void Write(KickDetail kick)
    {
        var task = _trace.TaskNames.Find(kick.Pid) ?? "";
        string?[] cells =
        [
            _times.Point(kick.QueueTime),
            Number(kick.Sender),
            Number(kick.Pid),
            task,
            Number(kick.Target),
            NameOf(kick.Function),
            NameOf(kick.CallSite),
            TraceWords.Csv(kick.Vector),
            TraceWords.Csv(kick.Delivery),
            TraceWords.Csv(kick.SendState),
            kick.InterruptState is { } sent ? TraceWords.Csv(sent) : "",
            kick.ArrivalState is { } hit ? TraceWords.Csv(hit) : "",
            TraceWords.Csv(kick.Verdict),
            Since(kick.QueueTime, kick.ArrivalTime),
            Since(kick.QueueTime, kick.RunTime),
            kick.RunDuration is { } duration ? Nanoseconds(duration) : "",
            _times.Point(kick.SampleTime),
            TraceWords.Csv(kick.SampleState),
            kick.SystemCall is { } call ? SystemCalls.Find(_trace.Machine, call) ?? Number(call) : "",
            string.Join(" < ", kick.Stack.Select(NameOf)),
        ];
        var decisions = _decisions.Schemes.Select(scheme => TraceWords.Decision(_decisions.Skips(kick, scheme)));
        _out.WriteLine(string.Join(',', cells.Concat(decisions).Select(Quote)));
    }

    public void Dispose() => _out.Dispose();

    private string Since(ulong from, ulong? to) => to is { } time && time >= from ? Nanoseconds(time - from) : "";

    private string Nanoseconds(ulong duration) =>
        _times.Nanoseconds(duration).ToString("F0", CultureInfo.InvariantCulture);

    private string NameOf(ulong address)
    {
        if (address == 0)
            return "";
        if (!_names.TryGetValue(address, out var name))
            _names[address] = name = _trace.Symbols.Describe(address);
        return name;
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    // RFC 4180; a task may call itself anything.
    private static string Quote(string? cell) =>
        cell is null ? ""
        : cell.AsSpan().IndexOfAny("\",\n\r") < 0 ? cell
        : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
