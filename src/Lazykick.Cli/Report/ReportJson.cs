using System.Text.Json;
using Lazykick.Traces.Containers;
using Lazykick.Traces.Kicks;
using Lazykick.Traces.Pricing;
using Lazykick.Traces.Reports;
using Lazykick.Traces.States;

namespace Lazykick.Cli.Report;

/// <summary>
/// The report for programs: <c>lazykick.report/1</c>, described in docs/json.md. All times are nanoseconds unless the
/// trace clock counts something else.
/// </summary>
internal sealed class ReportJson : IDisposable
{
    private static readonly EntryCause[] s_causes = Enum.GetValues<EntryCause>();
    private static readonly CpuState[] s_states = Enum.GetValues<CpuState>();
    private static readonly KickVerdict[] s_verdicts = Enum.GetValues<KickVerdict>();

    private readonly Utf8JsonWriter _json;

    public ReportJson(Stream output)
    {
        _json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        _json.WriteStartObject();
        _json.WriteString("schema", "lazykick.report/1");
        _json.WriteStartArray("reports");
    }

    public void Write(TraceReport report, string name, string? phase, IReadOnlyList<FailCondition> conditions)
    {
        var times = new TraceTimes(report.Trace);
        _json.WriteStartObject();
        WriteTrace(report, name, times);
        Object("limits", report.Limits, static limit => limit.Code, (json, limit) => json.WriteStringValue(limit.Text));
        _json.WriteStartArray("damage");
        foreach (var damage in report.Damage)
        {
            _json.WriteStartObject();
            _json.WriteString("file", damage.File);
            _json.WriteNumber("offset", damage.Offset);
            _json.WriteString("expected", damage.Expected);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
        _json.WriteStartArray("schemes");
        foreach (var rule in report.Schemes)
        {
            _json.WriteStartObject();
            _json.WriteString("name", rule.Name);
            _json.WriteStartArray("serves");
            foreach (var kick in rule.Serves)
                _json.WriteStringValue(kick);
            _json.WriteEndArray();
            _json.WriteStartArray("skips");
            foreach (var state in rule.Skips)
                _json.WriteStringValue(NameOf(state));
            _json.WriteEndArray();
            _json.WriteString("warning", SchemeWarning.Of(rule));
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
        _json.WritePropertyName("selection");
        WriteScope(report.Selection, phase ?? "", times);
        _json.WriteStartArray("phases");
        foreach (var scope in report.Phases)
            WriteScope(scope, scope.Name, times);
        _json.WriteEndArray();
        WriteSenders(report, times);
        WriteConditions(report, conditions);
        _json.WriteEndObject();
        _json.Flush();
    }

    public void Dispose()
    {
        _json.WriteEndArray();
        _json.WriteEndObject();
        _json.Flush();
        _json.Dispose();
    }

    private void WriteTrace(TraceReport report, string name, TraceTimes times)
    {
        var trace = report.Trace;
        _json.WriteStartObject("trace");
        _json.WriteString("name", name);
        _json.WriteString("container", NameOf(trace.Container));
        _json.WriteString("kernel", trace.KernelRelease);
        _json.WriteString("machine", trace.Machine);
        _json.WriteString("clock", trace.Clock);
        _json.WriteNumber("events", report.Events);
        _json.WriteNumber("lostEvents", report.LostEvents);
        _json.WriteNumber("lossGaps", report.LossGaps);
        _json.WriteString("start", times.Point(report.Start));
        _json.WriteString("end", times.Point(report.End));
        _json.WriteString("startUtc", times.WallClock(report.Start));
        _json.WriteEndObject();
    }

    private void WriteScope(ScopeReport scope, string name, TraceTimes times)
    {
        _json.WriteStartObject();
        _json.WriteString("phase", name);
        _json.WriteString("from", times.Point(scope.From));
        _json.WriteString("to", times.Point(scope.To));
        Time("duration", scope.Duration, times);
        _json.WriteStartArray("cpus");
        foreach (var cpu in scope.Cpus)
            WriteCpu(cpu, times);
        _json.WriteEndArray();
        _json.WriteEndObject();
    }

    private void WriteCpu(CpuReport cpu, TraceTimes times)
    {
        _json.WriteStartObject();
        _json.WriteNumber("cpu", cpu.Cpu);
        _json.WriteBoolean("contextTracking", cpu.IsTracked);
        _json.WriteBoolean("hasEvents", cpu.HasEvents);
        _json.WriteStartObject("time");
        foreach (var state in s_states)
            Time(NameOf(state), cpu.Time(state), times);
        _json.WriteEndObject();
        _json.WriteNumber("ownEntries", cpu.SelfExits);

        _json.WriteStartObject("interrupts");
        foreach (var cause in s_causes)
        {
            if (cpu.Interrupts(cause) == 0)
                continue;
            _json.WriteStartObject(NameOf(cause));
            _json.WriteNumber("total", cpu.Interrupts(cause));
            Object(
                "hit",
                s_states.Where(state => cpu.Interrupts(cause, state) > 0),
                NameOf,
                (json, state) => json.WriteNumberValue(cpu.Interrupts(cause, state))
            );
            Object(
                "insideABreakOf",
                s_states.Where(state => cpu.Further(cause, state) > 0),
                NameOf,
                (json, state) => json.WriteNumberValue(cpu.Further(cause, state))
            );
            _json.WriteEndObject();
        }

        _json.WriteEndObject();
        _json.WriteStartArray("breaks");
        foreach (var cause in s_causes)
        {
            foreach (var state in s_states)
            {
                if (cpu.Breaks(cause, state) == 0)
                    continue;
                _json.WriteStartObject();
                _json.WriteString("cause", NameOf(cause));
                _json.WriteString("of", NameOf(state));
                _json.WriteNumber("count", cpu.Breaks(cause, state));
                Time("time", cpu.BreakTime(cause, state), times);
                _json.WriteEndObject();
            }
        }

        _json.WriteEndArray();
        WriteKicks(cpu.Kicks, times);
        _json.WriteStartArray("schemes");
        foreach (var price in cpu.Schemes)
            WritePrice(price, times);
        _json.WriteEndArray();
        _json.WriteEndObject();
    }

    private void WriteKicks(KickTotals kicks, TraceTimes times)
    {
        _json.WriteStartObject("kicks");
        _json.WriteNumber("asked", kicks.Count);
        _json.WriteNumber("interrupts", kicks.Interrupts);
        _json.WriteNumber("coalesced", kicks.Coalesced);
        _json.WriteNumber("withoutInterrupt", kicks.WithoutInterrupt);
        _json.WriteNumber("undecided", kicks.Undecided);
        _json.WriteNumber("wakesWithoutInterrupt", kicks.WakesWithoutInterrupt);
        _json.WriteNumber("unattributed", kicks.Unattributed);
        _json.WriteNumber("notArrived", kicks.NotArrived);
        _json.WriteNumber("toItself", kicks.SelfKicks);
        Object("verdicts", s_verdicts, NameOf, (json, verdict) => json.WriteNumberValue(kicks.Verdict(verdict)));
        Object(
            "interruptVerdicts",
            s_verdicts,
            NameOf,
            (json, verdict) => json.WriteNumberValue(kicks.InterruptVerdict(verdict))
        );
        _json.WriteNumber("needlessAtLeast", kicks.Verdict(KickVerdict.Needless) - kicks.DoubtfulNeedless);
        _json.WriteNumber("needlessAtMost", kicks.Verdict(KickVerdict.Needless) + kicks.Verdict(KickVerdict.Unknown));
        foreach (var deferrability in Enum.GetValues<Deferrability>())
        {
            _json.WriteStartObject(
                deferrability switch
                {
                    Deferrability.Deferrable => "deferrable",
                    Deferrability.Never => "never",
                    _ => "unlisted",
                }
            );
            Object(
                "asked",
                s_states.Where(state => kicks.Asked(deferrability, state) > 0),
                NameOf,
                (json, state) => json.WriteNumberValue(kicks.Asked(deferrability, state))
            );
            Object(
                "interrupts",
                s_states.Where(state => kicks.Sent(deferrability, state) > 0),
                NameOf,
                (json, state) => json.WriteNumberValue(kicks.Sent(deferrability, state))
            );
            _json.WriteEndObject();
        }

        _json.WriteStartObject("latency");
        Time("p50", kicks.LatencyQuantile(0.5), times);
        Time("p99", kicks.LatencyQuantile(0.99), times);
        Time("max", kicks.LongestLatency, times);
        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    private void WritePrice(SchemePrice price, TraceTimes times)
    {
        _json.WriteStartObject();
        _json.WriteString("scheme", price.Rule.Name);
        Outcome("expected", price.Expected, times);
        Outcome("fewest", price.Fewest, times);
        Outcome("most", price.Most, times);
        var (low, high) = price.AnotherRun;
        _json.WriteStartObject("interruptsLeftInAnotherRun");
        _json.WriteNumber("low", Math.Round(low, 1));
        _json.WriteNumber("high", Math.Round(high, 1));
        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    private void Outcome(string name, SchemeOutcome outcome, TraceTimes times)
    {
        _json.WriteStartObject(name);
        _json.WriteNumber("servedKicks", outcome.Served);
        _json.WriteNumber("servedInterrupts", outcome.ServedInterrupts);
        _json.WriteNumber("deferred", outcome.Skipped);
        _json.WriteNumber("interruptsAvoided", outcome.InterruptsAvoided);
        _json.WriteNumber("interruptsAdded", outcome.InterruptsAdded);
        _json.WriteNumber("interruptsLeft", outcome.InterruptsLeft);
        _json.WriteNumber("userBreaksAvoided", outcome.UserBreaksAvoided);
        _json.WriteNumber("idleWakesAvoided", outcome.IdleWakesAvoided);
        _json.WriteNumber("guestExitsAvoided", outcome.GuestExitsAvoided);
        Time("timeSaved", outcome.TimeSaved, times);
        _json.WriteNumber("catchUps", outcome.CatchUps);
        _json.WriteNumber("collapsed", outcome.Collapsed);
        _json.WriteEndObject();
    }

    private void WriteSenders(TraceReport report, TraceTimes times)
    {
        _json.WriteStartArray("senders");
        foreach (var sender in report.Senders)
        {
            _json.WriteStartObject();
            if (sender.Pid >= 0)
                _json.WriteNumber("pid", sender.Pid);
            else
                _json.WriteNull("pid");
            _json.WriteString("task", sender.Task);
            _json.WriteString("function", sender.Function);
            _json.WriteString("callSite", sender.CallSite);
            _json.WriteString("interrupt", NameOf(sender.Vector));
            _json.WriteString("class", sender.Row?.KickClass);
            _json.WriteString("reason", sender.Row?.Reason);
            _json.WriteNumber("kicks", sender.Kicks);
            _json.WriteNumber("interrupts", sender.Interrupts);
            Object("verdicts", s_verdicts, NameOf, (json, verdict) => json.WriteNumberValue(sender.Verdict(verdict)));
            Object(
                "states",
                s_states.Where(state => sender.State(state) > 0),
                NameOf,
                (json, state) => json.WriteNumberValue(sender.State(state))
            );
            Time("took", sender.Stolen, times);
            _json.WriteString("targets", CpuListText.Of(sender.Targets));
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
    }

    private void WriteConditions(TraceReport report, IReadOnlyList<FailCondition> conditions)
    {
        _json.WriteStartArray("failOn");
        foreach (var condition in conditions)
        {
            var (crossed, value) = condition.Evaluate(report) ?? (false, 0);
            _json.WriteStartObject();
            _json.WriteString("condition", condition.Text);
            _json.WriteNumber("value", value);
            _json.WriteBoolean("crossed", crossed);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
    }

    private void Time(string name, ulong duration, TraceTimes times) =>
        _json.WriteNumber(name, (long)Math.Round(times.Nanoseconds(duration)));

    private void Object<T>(string name, IEnumerable<T> items, Func<T, string> key, Action<Utf8JsonWriter, T> value)
    {
        _json.WriteStartObject(name);
        foreach (var item in items)
        {
            _json.WritePropertyName(key(item));
            value(_json, item);
        }

        _json.WriteEndObject();
    }

    internal static string NameOf(CpuState state) =>
        state switch
        {
            CpuState.UserEqs => "user_eqs",
            CpuState.User => "user",
            CpuState.Idle => "idle",
            CpuState.Guest => "guest",
            CpuState.Kernel => "kernel",
            _ => "unknown",
        };

    internal static string NameOf(KickVerdict verdict) =>
        verdict switch
        {
            KickVerdict.Needless => "needless",
            KickVerdict.Raced => "raced",
            KickVerdict.Needed => "needed",
            KickVerdict.NeverDeferrable => "never",
            _ => "unknown",
        };

    internal static string NameOf(EntryCause cause) =>
        cause switch
        {
            EntryCause.None => "none",
            EntryCause.SystemCall => "system_call",
            EntryCause.Exception => "exception",
            EntryCause.FunctionCall => "function_call",
            EntryCause.Reschedule => "reschedule",
            EntryCause.IrqWork => "irq_work",
            EntryCause.OtherIpi => "other_ipi",
            EntryCause.Tick => "tick",
            EntryCause.Device => "device",
            EntryCause.Nmi => "nmi",
            _ => "other",
        };

    private static string NameOf(TraceContainer container) =>
        container switch
        {
            TraceContainer.RawDirectory => "raw",
            TraceContainer.TraceDat6 => "trace.dat 6",
            TraceContainer.TraceDat7 => "trace.dat 7",
            _ => "perf.data",
        };
}
