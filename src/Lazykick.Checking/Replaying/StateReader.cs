using Lazykick.Checking.Compilation;
using Lazykick.Checking.Machines;
using Lazykick.Checking.Moves;
using Lazykick.Checking.Verdicts;

namespace Lazykick.Checking.Replaying;

/// <summary>Says in words what the words of a state hold.</summary>
internal sealed class StateReader
{
    private static readonly string s_masks = "DAIF";

    private readonly CompiledScheme _scheme;
    private readonly Stepper _steps;
    private readonly FieldText _text;
    private readonly HashSet<Field> _told;
    private readonly HashSet<Field> _registers;
    private readonly List<List<(Move Move, SlotKind Kind)>> _slots;

    public StateReader(CompiledScheme scheme, Stepper steps)
    {
        (_scheme, _steps, _text) = (scheme, steps, new FieldText(scheme));
        // What the CPUs' own lines say need not be said as numbers.
        _told =
        [
            .. scheme.Windows.SelectMany(w => w.All),
            .. scheme.Fields.Cpus.SelectMany(c =>
                c.Pc.Concat(c.Saved.SelectMany(m => m))
                    .Concat(c.Masks)
                    .Concat(c.Active)
                    .Concat(c.Messages)
                    .Append(c.Device)
                    .Append(c.InKick)
            ),
        ];
        // All of them hold at first: what is of interest is when one is lost.
        _registers = [.. scheme.Fields.Cpus.SelectMany(c => c.Registers.Values)];
        _slots = scheme.Windows.Count == 0
            ? []
            : [.. scheme.Cpus.Select((_, cpu) => SlotMoves.Of(scheme, cpu).ToList())];
    }

    /// <summary>A state.</summary>
    public ReplayState Of(ulong[] state) =>
        new(
            [.. _scheme.Cpus.Select((_, cpu) => Cpu(state, cpu))],
            [
                .. _scheme
                    .Fields.Layout.Fields.Where(f => !_told.Contains(f) && !_registers.Contains(f))
                    .Where(f => f.Read(state) != f.Low)
                    .Select(f => new NamedValue(f.Name, _text.Of(f, f.Read(state)))),
            ]
        );

    /// <summary>What a move changed beyond what the lines of the CPUs say: name, old and new value.</summary>
    public IReadOnlyList<ValueChange> Changes(ulong[] before, ulong[] after) =>
        [
            .. _scheme
                .Fields.Layout.Fields.Where(f => !_told.Contains(f) && f.Read(before) != f.Read(after))
                .Select(f => new ValueChange(f.Name, _text.Of(f, f.Read(before)), _text.Of(f, f.Read(after)))),
        ];

    private CpuState Cpu(ulong[] state, int cpu)
    {
        var fields = _scheme.Fields.Cpus[cpu];
        var at = _steps.At(state, cpu);
        List<string> pending = [.. _scheme.Scheme.Messages.Where((_, m) => fields.Messages[m].Read(state) != 0)];
        if (fields.Device.Read(state) != 0)
            pending.Add("device");
        return new CpuState(
            [.. _scheme.FramesOf(cpu, state)],
            at.IsPlace ? "" : at.Text,
            at.Span,
            _steps.InEqs(state, cpu),
            fields.InKick.Read(state) != 0,
            string.Concat(s_masks.Take(fields.Masks.Length).Where((_, m) => fields.Masks[m].Read(state) != 0)),
            pending,
            _slots.Count == 0 ? [] : [.. InFlight(state, cpu)]
        );
    }

    private IEnumerable<AccessInFlight> InFlight(ulong[] state, int cpu)
    {
        var window = _scheme.Windows[cpu];
        for (var slot = 0; slot < window.Slots && window.Code[slot].Read(state) is var code and > 0; slot++)
        {
            var (move, kind) = _slots[cpu][code - 1];
            var variable = _scheme.AccessOf(move.Instruction).Variable;
            var access = _scheme.AccessOf(move.Instruction).Kind;
            var reads =
                variable is not null && access is Memory.InstanceKind.Load or Memory.InstanceKind.Rmw
                    ? _text.Of(variable, window.Read[slot].Read(state))
                    : null;
            var writes =
                variable is not null
                && kind == SlotKind.Access
                && access is Memory.InstanceKind.Store or Memory.InstanceKind.Rmw
                    ? _text.Of(variable, window.Written[slot].Read(state))
                    : null;
            yield return new AccessInFlight(
                move.Instruction.Text,
                $"{Path.GetFileName(move.Instruction.Span.Source.Path)}:{move.Instruction.Span.Line}",
                (Memory.Progress)window.Progress[slot].Read(state),
                kind == SlotKind.Local ? null : reads,
                writes
            );
        }
    }
}
