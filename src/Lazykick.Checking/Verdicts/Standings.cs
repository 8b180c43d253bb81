using Lazykick.Checking.Compilation;
using Lazykick.Checking.Machines;
using Lazykick.Checking.Memory;
using Lazykick.Checking.Moves;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Verdicts;

/// <summary>
/// Says of a state in which nothing goes on who waits for what, who would set it, and why he does not.
/// </summary>
internal sealed class Standings(CompiledScheme scheme)
{
    private readonly FieldText _text = new(scheme);

    /// <summary>By CPU: where it stands.</summary>
    /// <param name="stuck">The state, and what is done again and again.</param>
    public IReadOnlyList<RaceStanding> Of(Stuck stuck) =>
        [.. scheme.Cpus.Select((_, cpu) => Of(cpu, Before(cpu, stuck.State), stuck))];

    private RaceStanding Of(int cpu, Instruction before, Stuck stuck)
    {
        var words = stuck.State;
        var fields = scheme.Fields.Cpus[cpu];
        var loop = stuck.Taken.Where(i => i.Cpu == cpu && !i.IsPlace).OrderBy(i => i.Pc).ToList();
        // A loop turns on what it reads.
        var turns = loop.Find(i =>
            scheme.AccessOf(i) is { Variable: not null, Kind: InstanceKind.Load or InstanceKind.Rmw }
        );
        var at = turns ?? before;
        return new RaceStanding(cpu, at.Path, at.IsPlace ? "" : at.Text, at.Span)
        {
            WaitsFor = at.Step is WaitStep or LockStep or TakeStep || turns is not null ? [.. Waits(at, words)] : [],
            IsLooping = loop.Count > 0 && at.Step is not (WaitStep or LockStep or TakeStep),
            Pending =
            [
                .. scheme.Scheme.Messages.Where((_, m) =>
                    fields.Messages[m].Read(words) != 0 && (fields.Off[m]?.Read(words) ?? 0) == 0
                ),
                .. fields.Device.Read(words) != 0 ? new[] { "a device interrupt" } : [],
            ],
            SwitchedOff =
            [
                .. scheme.Scheme.Messages.Where((_, m) =>
                    fields.Messages[m].Read(words) != 0 && (fields.Off[m]?.Read(words) ?? 0) != 0
                ),
            ],
            IsMasked = fields.Masks[2].Read(words) != 0,
            MayStay = at.IsPlace || at.Step is RestStep,
        };
    }

    private Instruction Before(int cpu, ulong[] words)
    {
        var code = scheme.Cpus[cpu].Levels;
        var pcs = scheme.Fields.Cpus[cpu].Pc;
        for (var level = code.Count - 1; level > 0; level--)
        {
            if (pcs[level].Read(words) is var pc and > 0)
                return code[level][pc - 1];
        }

        return code[0][pcs[0].Read(words)];
    }

    private IEnumerable<RaceWait> Waits(Instruction at, ulong[] words)
    {
        var guards = at.Step is WaitStep or LockStep or TakeStep
            ? at.OwnMoves.Select(m => m.Guard).OfType<Value>().ToList()
            : [];
        var read = at.OwnMoves.SelectMany(m => m.ReadFields()).ToHashSet();
        foreach (var field in read.Where(scheme.Fields.Memory.Contains).OrderBy(f => f.Id))
        {
            var holder = HolderOf(field, words);
            var setters = Setters(at, field, guards, words).Where(s => holder is null || s.Cpu == holder).ToList();
            var inside = setters.Where(s => holder is { } cpu && scheme.FramesOf(cpu, words).Contains(s.Path)).ToList();
            // What waits for a lock of its own CPU has mostly interrupted the code that would give it back.
            if (holder == at.Cpu && inside.Exists(s => s.Path != at.Path))
                inside.RemoveAll(s => s.Path == at.Path);
            yield return new RaceWait(
                field.Name,
                _text.Of(field, field.Read(words)),
                inside.Count > 0 ? inside : setters
            )
            {
                Holder = holder,
            };
        }
    }

    /// <summary>The CPU that holds a lock; null if nobody does, and for other variables.</summary>
    private int? HolderOf(Field field, ulong[] words) =>
        _text.TypeOf(field) is LockType && field.Read(words) is var value and > 0
            ? value - 1
            : null;

    /// <summary>
    /// Steps of other CPUs that write the variable, but for those that write what does not end the wait. A lock may be
    /// held by code that the wait interrupted.
    /// </summary>
    private IEnumerable<RaceSetter> Setters(Instruction at, Field field, List<Value> guards, ulong[] words)
    {
        var values = new int[scheme.Fields.Layout.Fields.Count];
        foreach (var known in scheme.Fields.Layout.Fields)
            values[known.Id] = known.Read(words);
        return scheme
            .Moves.Where(m =>
                (m.Instruction.Cpu != at.Cpu || at.Step is LockStep)
                && m.Instruction != at
                && !Fails(m)
                && m.Effects.Any(e => e.Field == field && Ends(e.Value))
            )
            .Select(m => m.Instruction)
            .DistinctBy(i => (i.Cpu, i.Span, i.Text))
            .Select(i => new RaceSetter(i.Cpu, i.Path, i.Text, i.Span, LacksInterrupt(i, words)));

        // A compare and exchange that finds something else changes nothing.
        bool Fails(Move move) => move.Instruction.Step is CasStep && move.Effects[0].Value.Of(values) == 0;

        bool Ends(Value value)
        {
            if (!value.IsConstant(out var written))
                return true;
            if (guards.Count == 0)
                return written != field.Read(words);
            var with = (int[])values.Clone();
            with[field.Id] = written;
            return guards.Exists(g => g.Of(with) != 0);
        }
    }

    private bool LacksInterrupt(Instruction step, ulong[] words)
    {
        var fields = scheme.Fields.Cpus[step.Cpu];
        var trigger = scheme.Scheme.Paths[step.Path].Trigger;
        return trigger is Trigger.Irq or Trigger.Fiq or Trigger.Nmi
            && !scheme.FramesOf(step.Cpu, words).Contains(step.Path)
            && (trigger != Trigger.Irq || fields.Device.Read(words) == 0)
            && (trigger == Trigger.Irq || fields.MessagesOf(trigger).Any())
            && fields.MessagesOf(trigger).All(m => fields.Messages[m].Read(words) == 0);
    }
}
