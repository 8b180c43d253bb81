using Lazykick.Checking.Compilation;
using Lazykick.Checking.Memory;
using Lazykick.Checking.Moves;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Cutoff;

/// <summary>
/// Reads off the moves of one kicker and two targets whether what holds for one target holds for any number of them
/// (docs/design/cutoff.md, whose conditions have the same numbers). What is not proved counts as failing.
/// </summary>
public sealed class CutoffCheck
{
    private const int Kicker = 0;

    private readonly CompiledScheme _scheme;
    private readonly FieldOwners _owners;
    private readonly SetMembers _members;
    private readonly List<MoveUses> _kicker;
    private readonly List<MoveUses>[] _targets;

    // Steps of a target about another target.
    private readonly List<MoveUses> _thirds;

    private CutoffCheck(CompiledScheme scheme)
    {
        _scheme = scheme;
        _owners = new FieldOwners(scheme);
        _members = new SetMembers(scheme, _owners);
        _kicker = UsesOf(Kicker);
        _targets =
        [
            [],
            UsesOf(1),
            UsesOf(2),
        ];
        _thirds = [.. _targets.SelectMany(t => t).Where(IsThird)];
        foreach (var target in _targets)
            target.RemoveAll(IsThird);
    }

    /// <summary>Asks for a scheme with these knobs.</summary>
    /// <param name="scheme">The scheme; not a base.</param>
    /// <param name="knobs">Values of all knobs, as indices.</param>
    /// <param name="memory">The memory of the verdicts.</param>
    /// <returns>Null if the scheme cannot be compiled for 3 CPUs.</returns>
    public static CutoffAnswer? Of(Scheme scheme, IReadOnlyDictionary<string, int> knobs, MemoryModel memory)
    {
        ArgumentNullException.ThrowIfNull(scheme);
        var diagnostics = new DiagnosticCollection();
        var compiled = SchemeCompiler.Compile(scheme, knobs, 3, MemoryModel.Sc, 0, diagnostics);
        if (compiled is null || diagnostics.Count > 0)
            return null;
        var check = new CutoffCheck(compiled);
        var reason = check.Reason();
        return new CutoffAnswer(reason, reason is null ? check.Excepted(memory) : new Dictionary<string, string>());
    }

    /// <summary>The first condition that fails.</summary>
    private string? Reason() =>
        OneKicker()
        ?? Roles()
        ?? Parameters()
        ?? new LoopExits(_scheme.Scheme).Reason()
        ?? new MemorySets(_owners, _members).Reason()
        ?? Targets()
        ?? Thirds()
        ?? new KickerSteps(_scheme, _owners, _kicker, WrittenByTargets()).Reason()
        ?? States()
        ?? new TargetSymmetry(_scheme, _owners, _members).Reason();

    /// <summary>Properties that the proof leaves out under a memory.</summary>
    private Dictionary<string, string> Excepted(MemoryModel memory)
    {
        var excepted = new Dictionary<string, string>(StringComparer.Ordinal);
        if (memory == MemoryModel.Arm)
        {
            excepted["S8"] = "with more, it is not proved that atomics in flight that wait for each other always take "
                + "effect";
        }

        if (memory != MemoryModel.Sc && _thirds.Count > 0)
            excepted["S2"] = "steps about a third CPU may keep a read in flight";
        return excepted;
    }

    /// <summary>All targets run the same code.</summary>
    private string? Roles()
    {
        var scheme = _scheme.Scheme;
        return scheme.RoleOf(1) != scheme.RoleOf(2)
                ? $"CPU2 has the role '{scheme.RoleOf(2).Name}', CPU1 the role '{scheme.RoleOf(1).Name}'"
            : scheme.RoleOf(CheckedCpus - 1) != scheme.RoleOf(1) ? "CPUs after CPU2 have a role of their own"
            : scheme.Texts.Values.FirstOrDefault(t => t.PerCpu) is { } text ? $"text '{text.Name}' is each CPU's own"
            : null;
    }

    // The proof knows the tests of a turn by their places, and here several have the same.
    private string? Parameters() =>
        _scheme.Scheme.AllSteps().OfType<SequenceStep>().FirstOrDefault(s => s.Call is not null) is { } call
            ? $"'{call.Call}' is written out for the values of its parameters ({call.Span})"
            : null;

    // Beyond it, the last role is repeated.
    private const int CheckedCpus = 64;

    /// <summary>(1) Only CPU0 kicks, selects, and sends to others.</summary>
    private string? OneKicker()
    {
        foreach (var move in _targets.SelectMany(t => t).Concat(_thirds))
        {
            if (move.Move.ReturnsKick || move.Step.Step is KickStep or SelectStep)
                return $"CPU{move.Step.Cpu} kicks, too ({move.Step.Span})";
            if (move.Step.Step is SendStep)
                return $"CPU{move.Step.Cpu} sends interrupts, too ({move.Step.Span})";
        }

        return null;
    }

    /// <summary>(2) No target reads what another target writes, or writes what anybody else reads.</summary>
    private string? Targets()
    {
        var written = WrittenByTargets();
        foreach (var move in _targets.SelectMany(t => t))
        {
            var self = (Owner)move.Step.Cpu;
            foreach (var read in Asked(move).Where(r => _owners.Of(r.Field) != self))
            {
                if (_owners.Of(read.Field) is not (Owner.Kicker or Owner.Common))
                    return $"CPU{move.Step.Cpu} looks at {read.Field}, which is another target's ({move.Step.Span})";
                if (written.Contains(read.Field))
                    return $"CPU{move.Step.Cpu} reads {read.Field}, which targets write ({move.Step.Span})";
            }

            foreach (var write in move.Writes.Where(w => _owners.Of(w.Field) != self))
            {
                if (IsRead(write.Field))
                    return $"CPU{move.Step.Cpu} writes {write.Field}, which others read ({move.Step.Span})";
            }
        }

        return null;
    }

    /// <summary>(2) Steps of a target about another target see and do nothing that matters.</summary>
    private string? Thirds()
    {
        var written = _kicker.Concat(_targets.SelectMany(t => t)).SelectMany(m => m.Writes).ToList();
        var asked = _kicker.Concat(_targets.SelectMany(t => t)).SelectMany(Asked).ToList();
        foreach (var move in _thirds)
        {
            var where = $"({move.Step.Span})";
            if (move.Step.About == Instruction.Several || !IsPlain(move.Step.Step))
                return $"CPU{move.Step.Cpu} has steps about other targets {where}";
            foreach (var read in Asked(move).Where(r => written.Exists(w => Meet(w, r))))
                return $"CPU{move.Step.Cpu} reads {read.Field} for another target {where}";
            foreach (var write in move.Writes.Where(w => asked.Exists(r => Meet(w, r))))
                return $"CPU{move.Step.Cpu} writes {write.Field} for another target {where}";
        }

        return Loops.In(_thirds, _scheme) is { } loop
            ? $"CPU{loop.Cpu} may go round for another target ({loop.Span})"
            : null;
    }

    /// <summary>(6) The state <c>eqs</c> of a target is its own affair.</summary>
    private string? States()
    {
        var written = WrittenByTargets();
        for (var cpu = 1; cpu < _targets.Length; cpu++)
        {
            var fields = new HashSet<Field>();
            _scheme.Eqs[cpu].AddFields(fields);
            foreach (var field in fields.Where(f => _owners.Of(f) != (Owner)cpu))
            {
                if (_owners.Of(field) is not (Owner.Kicker or Owner.Common) || written.Contains(field))
                    return $"whether CPU{cpu} is in eqs depends on {field}";
            }
        }

        return null;
    }

    private HashSet<Field> WrittenByTargets() =>
        [.. _targets.SelectMany(t => t).SelectMany(m => m.Writes).Select(w => w.Field)];

    private bool IsRead(Field field) =>
        _kicker.Concat(_targets.SelectMany(t => t)).Concat(_thirds).SelectMany(Asked).Any(r => r.Field == field);

    /// <summary>What a move reads, and what is decided after it.</summary>
    private static IEnumerable<FieldUse> Asked(MoveUses move)
    {
        var uses = new List<FieldUse>(move.Reads);
        foreach (var decision in move.Move.Tests)
            decision.Test.AddUses(uses);
        return uses;
    }

    private static bool Meet(FieldUse a, FieldUse b) => a.Field == b.Field && (a.Members & b.Members) != 0;

    /// <summary>A step that ends whatever happens, and does nothing but assign.</summary>
    private static bool IsPlain(Step? step) =>
        step is AssignStep or RmwStep or CasStep or WhenStep or FenceStep
        || (step is TogetherStep together && together.Body.All(IsPlain));

    private static bool IsThird(MoveUses move) =>
        move.Step.Cpu != Kicker
        && move.Step.About is not (Instruction.Nobody or Kicker)
        && move.Step.About != move.Step.Cpu;

    private List<MoveUses> UsesOf(int cpu) =>
        [
            .. _scheme
                .Moves.Where(m => m.Instruction.Cpu == cpu && _members.HasTurn(m))
                .Select(m => new MoveUses(m, _owners, _scheme.Fields.Cpus[cpu])),
        ];
}
