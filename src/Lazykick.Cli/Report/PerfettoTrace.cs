using Lazykick.Cli.Perfetto;
using Lazykick.Traces.Files;
using Lazykick.Traces.Kicks;
using Lazykick.Traces.States;
using Lazykick.Traces.Timelines;
using Field = Lazykick.Cli.Perfetto.PerfettoFields;

namespace Lazykick.Cli.Report;

/// <summary>
/// Writes what happens while a trace is analysed as a Perfetto trace: for each CPU tracks of its states, its
/// interrupts, its breaks and its kicks, counters of needless kicks and stolen time, and a flow from the sending of
/// each kick to its arrival. Nothing is kept but the names that were used and the counters.
/// </summary>
internal sealed class PerfettoTrace(Stream output, TraceFile trace) : ITimelineObserver
{
    private readonly TraceTimes _times = new(trace);
    private readonly ProtoMessage _packet = new();
    private readonly ProtoMessage _event = new();
    private readonly ProtoMessage _part = new();
    private readonly ProtoMessage _names = new();
    private readonly ProtoMessage _whole = new();
    private readonly Dictionary<string, ulong> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<ulong, string> _symbols = [];
    private readonly Dictionary<int, Cpu> _cpus = [];
    private bool _begun;
    private ulong _flows;

    /// <summary>What each track of a CPU shows; their order on the screen.</summary>
    private enum Lane
    {
        Group,
        State,
        Interrupts,
        Breaks,
        Received,
        Sent,
        Needless,
        Stolen,
    }

    public void OnState(int cpu, CpuState state, ulong from, ulong to)
    {
        if (state == CpuState.Unknown)
            Slice(cpu, Lane.State, "not known", from, to);
        else
            Slice(cpu, Lane.State, Words.Of(state), from, to);
    }

    public void OnInterrupt(InterruptSpan interrupt)
    {
        var name = interrupt.Irq >= 0 ? $"device {interrupt.Irq}" : Words.Of(interrupt.Cause);
        Begin(interrupt.Cpu, Lane.Interrupts, name, interrupt.Entry);
        Note("hit", Words.Of(interrupt.Hit));
        Write();
        End(interrupt.Cpu, Lane.Interrupts, interrupt.Exit);
    }

    public void OnBreak(BreakSpan broken)
    {
        var end = broken.Start + broken.Duration;
        Begin(broken.Cpu, Lane.Breaks, NameOf(broken.Function) ?? Words.Of(broken.Cause), broken.Start);
        Note("of", Words.Of(broken.Of));
        if (NameOf(broken.CallSite) is { } site)
            Note("call", site);
        if (broken.Sender >= 0)
            Note("sender", TaskOf(broken.Sender));
        Write();
        End(broken.Cpu, Lane.Breaks, end);
        var cpu = CpuOf(broken.Cpu);
        cpu.Stolen += (ulong)_times.Round(broken.Duration);
        Counter(broken.Cpu, Lane.Stolen, cpu.Stolen, end);
    }

    public void OnKick(KickDetail kick)
    {
        var flow = ++_flows;
        var name = NameOf(kick.Function) ?? Words.Of(kick.Vector);
        Instant(kick.Sender, Lane.Sent, name, kick.QueueTime);
        Note("target", (ulong)kick.Target);
        Describe(kick);
        _event.Fixed(Field.FlowIds, flow);
        Write();
        if ((kick.ArrivalTime ?? kick.RunTime) is not { } arrived)
            return;
        Instant(kick.Target, Lane.Received, name, arrived);
        Note("from CPU", (ulong)kick.Sender);
        Describe(kick);
        _event.Fixed(Field.EndingFlowIds, flow);
        Write();
        if (kick.Verdict != KickVerdict.Needless)
            return;
        Counter(kick.Target, Lane.Needless, ++CpuOf(kick.Target).Needless, arrived);
    }

    private void Describe(KickDetail kick)
    {
        Note("verdict", TraceWords.Json(kick.Verdict));
        Note("task", TaskOf(kick.Pid));
        if (NameOf(kick.CallSite) is { } site)
            Note("call", site);
        Note("target when asked", Words.Of(kick.SendState));
        if (kick.ArrivalState is { } hit)
            Note("hit", Words.Of(hit));
    }

    private void Slice(int cpu, Lane lane, string name, ulong from, ulong to)
    {
        Begin(cpu, lane, name, from);
        Write();
        End(cpu, lane, to);
    }

    private void Begin(int cpu, Lane lane, string name, ulong time) => Start(cpu, lane, Field.Begin, name, time);

    private void Instant(int cpu, Lane lane, string name, ulong time) => Start(cpu, lane, Field.Instant, name, time);

    private void End(int cpu, Lane lane, ulong time)
    {
        Start(cpu, lane, Field.End, null, time);
        Write();
    }

    private void Counter(int cpu, Lane lane, ulong value, ulong time)
    {
        Start(cpu, lane, Field.Count, null, time);
        _event.Number(Field.CounterValue, value);
        Write();
    }

    private void Start(int cpu, Lane lane, ulong type, string? name, ulong time)
    {
        CpuOf(cpu);
        _packet.Clear();
        if (name is not null && !_ids.ContainsKey(name))
        {
            _ids.Add(name, (ulong)_ids.Count + 1);
            _part.Clear().Number(Field.InternedId, _ids[name]).Text(Field.InternedName, name);
            _packet.Message(Field.Interned, _names.Clear().Message(Field.EventNames, _part));
        }

        _packet.Number(Field.Timestamp, Nanoseconds(time));
        _event.Clear().Number(Field.EventType, type).Number(Field.TrackUuid, Uuid(cpu, lane));
        if (name is not null)
            _event.Number(Field.NameId, _ids[name]);
    }

    private void Note(string name, string text) =>
        _event.Message(
            Field.Annotation,
            _part.Clear().Text(Field.AnnotationName, name).Text(Field.AnnotationText, text)
        );

    private void Note(string name, ulong number) =>
        _event.Message(
            Field.Annotation,
            _part.Clear().Text(Field.AnnotationName, name).Number(Field.AnnotationNumber, number)
        );

    private void Write()
    {
        _packet.Message(Field.Event, _event);
        Finish();
    }

    private void Finish()
    {
        // All packets are of one sequence; its first one says that nothing came before.
        _packet.Number(Field.Sequence, 1).Number(Field.SequenceFlags, _begun ? Field.NeedsEarlier : Field.Cleared);
        _begun = true;
        output.Write(_whole.Clear().Message(Field.Packet, _packet).Bytes);
    }

    private Cpu CpuOf(int number)
    {
        if (_cpus.TryGetValue(number, out var cpu))
            return cpu;
        _cpus.Add(number, cpu = new Cpu());
        Track(number, Lane.Group, $"CPU {number}", null);
        Track(number, Lane.State, "state", null);
        Track(number, Lane.Interrupts, "interrupts", null);
        Track(number, Lane.Breaks, "breaks of isolation", null);
        Track(number, Lane.Received, "kicks received", null);
        Track(number, Lane.Sent, "kicks sent", null);
        Track(number, Lane.Needless, "needless kicks", "kicks");
        Track(number, Lane.Stolen, "stolen time", "ns");
        return cpu;
    }

    private void Track(int cpu, Lane lane, string name, string? unit)
    {
        var track = _event.Clear().Number(Field.Uuid, Uuid(cpu, lane)).Text(Field.Name, name);
        if (lane == Lane.Group)
            track.Number(Field.ChildOrdering, Field.ExplicitOrder).Number(Field.SiblingOrder, (ulong)cpu);
        else
            track.Number(Field.ParentUuid, Uuid(cpu, Lane.Group)).Number(Field.SiblingOrder, (ulong)lane);
        if (unit is not null)
            track.Message(Field.Counter, _part.Clear().Text(Field.UnitName, unit));
        _packet.Clear().Message(Field.Track, track);
        Finish();
    }

    // Any numbers that differ, and none of them 0.
    private static ulong Uuid(int cpu, Lane lane) => 0x6c6b_0000_0000UL + (ulong)cpu * 16 + (ulong)lane;

    private ulong Nanoseconds(ulong time) => trace.ClockScale?.ToNanoseconds(time) ?? time;

    private string? NameOf(ulong address)
    {
        if (address == 0)
            return null;
        if (!_symbols.TryGetValue(address, out var name))
            _symbols[address] = name = trace.Symbols.Describe(address);
        return name;
    }

    private string TaskOf(int pid) => $"{trace.TaskNames.Find(pid) ?? "?"}-{pid}";

    /// <summary>What is counted of a CPU.</summary>
    private sealed class Cpu
    {
        public ulong Needless { get; set; }

        public ulong Stolen { get; set; }
    }

    private static class Words
    {
        public static string Of(CpuState state) =>
            state switch
            {
                CpuState.UserEqs => "user (EQS)",
                CpuState.User => "user",
                CpuState.Idle => "idle",
                CpuState.Guest => "guest",
                CpuState.Kernel => "kernel",
                _ => "not known",
            };

        public static string Of(EntryCause cause) =>
            cause switch
            {
                EntryCause.FunctionCall => "function call",
                EntryCause.Reschedule => "reschedule",
                EntryCause.IrqWork => "irq_work",
                EntryCause.OtherIpi => "other IPI",
                EntryCause.Tick => "timer",
                EntryCause.Device => "device",
                EntryCause.Nmi => "NMI",
                _ => "other",
            };
    }
}
