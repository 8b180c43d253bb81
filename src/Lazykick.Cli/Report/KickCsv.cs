using System.Globalization;
using Lazykick.Traces.Files;
using Lazykick.Traces.Kicks;

namespace Lazykick.Cli.Report;

/// <summary>One line a kick, for spreadsheets and databases.</summary>
internal sealed class KickCsv : IDisposable
{
    private readonly TextWriter _out;
    private readonly TraceFile _trace;
    private readonly TraceTimes _times;
    private readonly Dictionary<ulong, string> _names = [];

    public KickCsv(TextWriter output, TraceFile trace)
    {
        _out = output;
        _trace = trace;
        _times = new TraceTimes(trace);
        _out.WriteLine(
            "asked,sender_cpu,pid,task,target_cpu,function,call_site,interrupt,delivery,state_asked,state_sent,state_hit,verdict,to_arrival_ns,to_run_ns,run_ns"
        );
    }

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
            kick.Delivery switch
            {
                KickDelivery.Interrupt => "interrupt",
                KickDelivery.Coalesced => "coalesced",
                KickDelivery.WithoutInterrupt => "without_interrupt",
                _ => "unknown",
            },
            TraceWords.Csv(kick.SendState),
            kick.InterruptState is { } sent ? TraceWords.Csv(sent) : "",
            kick.ArrivalState is { } hit ? TraceWords.Csv(hit) : "",
            TraceWords.Csv(kick.Verdict),
            Since(kick.QueueTime, kick.ArrivalTime),
            Since(kick.QueueTime, kick.RunTime),
            kick.RunDuration is { } duration ? Nanoseconds(duration) : "",
        ];
        _out.WriteLine(string.Join(',', cells.Select(Quote)));
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
