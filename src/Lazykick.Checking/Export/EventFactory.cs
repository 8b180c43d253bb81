using Lazykick.Checking.Compilation;
using Lazykick.Checking.Moves;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Export;

/// <summary>
/// Turns moves of a scheme into what they are to a litmus test, and follows which values hang on which reads.
/// </summary>
internal sealed class EventFactory(CompiledScheme scheme)
{
    private readonly HashSet<Field> _memory = scheme.Fields.Memory;
    private readonly Dictionary<Field, HashSet<RaceEvent>> _taints = [];

    /// <summary>The variables in memory, by name.</summary>
    public IReadOnlyDictionary<string, Field> Fields { get; } =
        scheme.Fields.Memory.ToDictionary(f => f.Name, StringComparer.Ordinal);

    /// <summary>The steps of one move: several if it takes a <c>together</c>.</summary>
    /// <param name="move">The move.</param>
    /// <param name="values">Values that the CPU sees, by field id; the move's effects are applied to it.</param>
    public IReadOnlyList<RaceEvent> Create(Move move, int[] values)
    {
        var instruction = move.Instruction;
        var parts =
            instruction.Step is TogetherStep together ? together.Body
            : instruction.Step is null ? []
            : [instruction.Step];
        var variable =
            scheme.AccessOf(instruction).Variable
            ?? (
                parts.Any(p => p is AssignStep or RmwStep or CasStep or LockStep or UnlockStep or TakeStep)
                    ? Touched(move).FirstOrDefault(_memory.Contains)
                    : null
            );
        var steps = parts.Select(p => Create(p, move, variable)).ToList();
        if (steps.Count == 0)
            steps.Add(Other(move));
        Follow(move, variable, steps);
        foreach (var (field, value) in move.Effects)
            values[field.Id] = value.Of(values);
        foreach (var write in steps.Where(s => s.IsWrite))
            write.Written = values[variable!.Id];
        return steps;
    }

    /// <summary>Reads that a move's violation of a property hangs on.</summary>
    public HashSet<RaceEvent> Bearing(Move move, int property)
    {
        var fields = new HashSet<Field>();
        foreach (var check in move.Checks.Where(c => c.Property == property))
            check.Violated.AddFields(fields);
        return [.. fields.SelectMany(f => _taints.GetValueOrDefault(f) ?? [])];
    }

    private RaceEvent Create(Step step, Move move, Field? variable) =>
        step switch
        {
            AssignStep s when variable is not null && s.Target.Name == NameOf(variable) => Plain(
                RaceEventKind.Write,
                move,
                variable,
                s.Order
            ),
            AssignStep s when variable is not null && move.Instruction.Step == step => Plain(
                RaceEventKind.Read,
                move,
                variable,
                s.Order
            ),
            RmwStep s when variable is not null => Atomic(move, variable, s.Order, s.Form, KindOf(s, variable)),
            CasStep s when variable is not null => Atomic(move, variable, s.Order, s.Form, AtomicKind.CompareExchange),
            LockStep when variable is not null => Atomic(
                move,
                variable,
                MemoryOrder.Acquire,
                AtomicForm.Default,
                AtomicKind.Exchange
            ),
            TakeStep s when variable is not null => Atomic(
                move,
                variable,
                s.Order ?? MemoryOrder.Relaxed,
                s.Form,
                AtomicKind.Exchange
            ),
            UnlockStep when variable is not null => Plain(RaceEventKind.Write, move, variable, MemoryOrder.Release),
            WhenStep s when variable is not null => Plain(RaceEventKind.Read, move, variable, s.Order),
            WaitStep s when variable is not null => Plain(RaceEventKind.Read, move, variable, s.Order),
            SelectStep s when variable is not null => Plain(
                RaceEventKind.Read,
                move,
                variable,
                scheme.Scheme.Policies[s.Policy].Order
            ),
            FenceStep s => Make(RaceEventKind.Fence, move, s.Kind),
            SyncStep s when ContextSynchronisation.IsEvent(s.Kind, scheme.ScopeOf(move.Instruction.Cpu)) => Make(
                RaceEventKind.Synchronise,
                move
            ),
            TextStep s => Make(
                s.Kind switch
                {
                    TextStepKind.Write => RaceEventKind.WriteText,
                    TextStepKind.CleanData => RaceEventKind.Clean,
                    _ => RaceEventKind.Invalidate,
                },
                move,
                text: scheme.AccessOf(move.Instruction).Text
            ),
            _ => Other(move),
        };

    /// <summary>What a move writes, and what it computes that from; not what its properties are judged by.</summary>
    private static IEnumerable<Field> Touched(Move move)
    {
        var read = new HashSet<Field>();
        foreach (var (_, value) in move.Effects)
            value.AddFields(read);
        return move.Effects.Select(e => e.Field).Concat(read);
    }

    private static string NameOf(Field field) => field.Name.Split('[')[0];

    /// <summary>
    /// A set that gets a constant is taken whole (llist_del_all); everything else counts, as atomic_add_return does.
    /// </summary>
    private AtomicKind KindOf(RmwStep step, Field variable) =>
        scheme.Scheme.Variables[NameOf(variable)].Type is SetType && step.Value is SetExpression
            ? AtomicKind.Exchange
            : AtomicKind.Add;

    private static RaceEvent Other(Move move) => Make(RaceEventKind.Other, move);

    private static RaceEvent Make(RaceEventKind kind, Move move, FenceKind fence = default, TextFields? text = null) =>
        new(move.Instruction.Cpu, kind)
        {
            Move = move,
            Words = WordsOf(move),
            Step = StepOf(move),
            Fence = fence,
            Text = text,
        };

    private static RaceEvent Plain(RaceEventKind kind, Move move, Field variable, MemoryOrder order) =>
        new(move.Instruction.Cpu, kind)
        {
            Move = move,
            Words = WordsOf(move),
            Step = StepOf(move),
            Location = variable.Name,
            Order = order,
        };

    private RaceEvent Atomic(Move move, Field variable, MemoryOrder order, AtomicForm form, AtomicKind kind) =>
        new(move.Instruction.Cpu, RaceEventKind.Atomic)
        {
            Move = move,
            Words = WordsOf(move),
            Step = StepOf(move),
            Location = variable.Name,
            Order = order,
            Atomic = kind,
            IsLlSc = form == AtomicForm.LlSc || (form == AtomicForm.Default && scheme.KnobIs("atomics", "llsc")),
        };

    private static string WordsOf(Move move) =>
        $"{StepOf(move)} ({Path.GetFileName(move.Instruction.Span.Source.Path)}:{move.Instruction.Span.Line})";

    private static string StepOf(Move move)
    {
        var text = move.Instruction.Text.ReplaceLineEndings(" ").Split(" returns ")[0];
        return move.Enters is null ? text : $"{move.Enters}: {text}";
    }

    /// <summary>
    /// Carries reads along with the values that they give: into private variables, stores and decisions.
    /// </summary>
    private void Follow(Move move, Field? variable, List<RaceEvent> steps)
    {
        var read = variable is null ? null : steps.FirstOrDefault(s => s.IsRead);
        if (move.Guard is not null)
            steps[^1].Tests.UnionWith(Taint(move.Guard, []));
        var local = new Dictionary<Field, HashSet<RaceEvent>>();
        foreach (var (field, value) in move.Effects)
        {
            var taint = Taint(value, local);
            if (scheme.Fields.Cpus[move.Instruction.Cpu].Pc.Contains(field))
                steps[^1].Tests.UnionWith(taint);
            else if (field != variable)
                local[field] = taint;
            else if (steps.FirstOrDefault(s => s.IsWrite) is { } write)
                write.Data.UnionWith(taint.Where(t => t != write));
        }

        foreach (var (field, taint) in local)
            _taints[field] = taint;

        HashSet<RaceEvent> Taint(Value value, Dictionary<Field, HashSet<RaceEvent>> fresh)
        {
            var fields = new HashSet<Field>();
            value.AddFields(fields);
            var taint = new HashSet<RaceEvent>();
            foreach (var field in fields)
            {
                if (field == variable && read is not null)
                    taint.Add(read);
                else if (!_memory.Contains(field))
                    taint.UnionWith(fresh.GetValueOrDefault(field) ?? _taints.GetValueOrDefault(field) ?? []);
            }

            return taint;
        }
    }
}
