using System.Text.Json;
using Lazykick.Traces.Files;
using Lazykick.Traces.Kicks;
using Lazykick.Traces.Names;
using Lazykick.Traces.Pricing;

namespace Lazykick.Cli.Report;

/// <summary>
/// One JSON document a kick, each on a line of its own: <c>lazykick.kick/1</c>, docs/reference/json.md.
/// </summary>
internal sealed class KickLines : IKickTable
{
    private readonly Stream _out;
    private readonly Utf8JsonWriter _json;
    private readonly TraceFile _trace;
    private readonly TraceTimes _times;
    private readonly KickDecisions _decisions;

    public KickLines(Stream output, TraceFile trace, IReadOnlyList<SkipRule> schemes)
    {
        _out = output;
        _json = new Utf8JsonWriter(output);
        _trace = trace;
        _times = new TraceTimes(trace);
        _decisions = new KickDecisions(schemes);
    }

    public void Write(KickDetail kick)
    {
        _json.WriteStartObject();
        _json.WriteString("asked", _times.Point(kick.QueueTime));
        _json.WriteString("sampled", _times.Point(kick.SampleTime));
        _json.WriteNumber("senderCpu", kick.Sender);
        _json.WriteNumber("pid", kick.Pid);
        Text("task", _trace.TaskNames.Find(kick.Pid));
        _json.WriteNumber("targetCpu", kick.Target);
        Text("function", NameOf(kick.Function));
        Text("callSite", NameOf(kick.CallSite));
        Text("systemCall", kick.SystemCall is { } call ? SystemCalls.Find(_trace.Machine, call) : null);
        _json.WriteString("interrupt", TraceWords.Json(kick.Vector));
        _json.WriteString("delivery", TraceWords.Json(kick.Delivery));
        _json.WriteString("stateAsked", TraceWords.Json(kick.SendState));
        _json.WriteString("stateSampled", TraceWords.Json(kick.SampleState));
        Text("stateSent", kick.InterruptState is { } sent ? TraceWords.Json(sent) : null);
        Text("stateHit", kick.ArrivalState is { } hit ? TraceWords.Json(hit) : null);
        _json.WriteString("verdict", TraceWords.Json(kick.Verdict));
        Time("toArrival", kick.QueueTime, kick.ArrivalTime);
        Time("toRun", kick.QueueTime, kick.RunTime);
        Time("run", 0, kick.RunDuration);
        if (kick.Stack.Count > 0)
        {
            _json.WriteStartArray("stack");
            foreach (var frame in kick.Stack)
                _json.WriteStringValue(_trace.Symbols.Describe(frame));
            _json.WriteEndArray();
        }

        _json.WriteStartObject("schemes");
        foreach (var scheme in _decisions.Schemes)
        {
            Text(
                scheme.Name,
                TraceWords.Decision(_decisions.Skips(kick, scheme)) is { Length: > 0 } decision ? decision : null
            );
        }

        _json.WriteEndObject();
        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        _out.WriteByte((byte)'\n');
    }

    public void Dispose()
    {
        _json.Dispose();
        _out.Dispose();
    }

    private void Text(string name, string? value)
    {
        if (value is not null)
            _json.WriteString(name, value);
    }

    private void Time(string name, ulong from, ulong? to)
    {
        if (to is { } time && time >= from)
            _json.WriteNumber(name, _times.Round(time - from));
    }

    private string? NameOf(ulong address) => address == 0 ? null : _trace.Symbols.Describe(address);
}
