using Lazykick.Checking.Compilation;
using Lazykick.Checking.Machines;
using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Export;

/// <summary>Reads an execution as the steps of each CPU in program order, and finds out who read from whom.</summary>
internal sealed class RaceReader
{
    private readonly CompiledScheme _scheme;
    private readonly EventFactory _events;
    private readonly List<RaceEvent>[] _programs;
    private readonly Dictionary<string, List<RaceEvent>> _writes = [];
    private readonly HashSet<RaceEvent> _foreseen = [];

    /// <summary>By CPU: what other CPUs write.</summary>
    private readonly HashSet<Field>[] _foreign;

    private int _turn;

    private RaceReader(CompiledScheme scheme)
    {
        _scheme = scheme;
        _events = new EventFactory(scheme);
        _programs = [.. scheme.Cpus.Select(_ => new List<RaceEvent>())];
        _foreign =
        [
            .. scheme.Cpus.Select(
                (_, cpu) =>
                    scheme
                        .Moves.Where(m => m.Instruction.Cpu != cpu)
                        .SelectMany(m => m.Effects)
                        .Select(e => e.Field)
                        .ToHashSet()
            ),
        ];
    }

    /// <summary>Reads an execution.</summary>
    /// <param name="scheme">The scheme that it is of.</param>
    /// <param name="execution">The execution.</param>
    /// <param name="property">The property that it violates.</param>
    public static RaceEvents Read(CompiledScheme scheme, SchemeExecution execution, string property) =>
        new RaceReader(scheme).Run(execution, scheme.PropertyOf(property));

    private RaceEvents Run(SchemeExecution execution, int property)
    {
        var before = execution.Start;
        foreach (var (move, after) in execution.Steps)
        {
            switch (move.Phase)
            {
                case MovePhase.Read:
                    Find(move, e => e is { IsRead: true, HasRead: false }).ForEach(e => PerformRead(e, before));
                    break;
                case MovePhase.Write:
                    Find(move, e => (e.IsWrite || e.IsText) && !e.IsPerformed).ForEach(e => Perform(e, before, after));
                    break;
                default:
                    Issue(move, before, after);
                    break;
            }

            before = after;
            _turn++;
        }

        foreach (var write in _programs.SelectMany(p => p).Where(e => e.IsWrite && !e.IsPerformed))
            WritesOf(write.Location!).Add(write);
        foreach (var read in _foreseen)
        {
            read.HasRead = true;
            read.Source = WritesOf(read.Location!).LastOrDefault(w => w.Written == read.ReadValue);
        }

        var bearing = _events.Bearing(execution.Steps[^1].Move, property);
        return new RaceEvents(_scheme, execution, _programs, _writes, bearing);
    }

    private void Issue(Move move, ulong[] before, ulong[] after)
    {
        var cpu = move.Instruction.Cpu;
        var program = _programs[cpu];
        var inFlight = _scheme.IsInFlight(move.Instruction);
        foreach (var step in _events.Create(move, Values(before, cpu)))
        {
            program.Add(step);
            step.Turn = _turn;
            if (step is { Kind: RaceEventKind.Atomic, Atomic: AtomicKind.CompareExchange })
                step.HasFailed = move.Effects[0].Field.Read(after) == 0;
            if (!inFlight)
            {
                if (step.IsRead)
                    PerformRead(step, before);
                if (step.IsWrite || step.IsText)
                    Perform(step, before, after);
            }
            else if (step.Kind == RaceEventKind.Read)
            {
                Foresee(step, move, before, after);
            }
        }
    }

    /// <summary>
    /// A load that is in flight when the race ends has a value all the same if nobody else writes the variable, or a
    /// register shows it.
    /// </summary>
    private void Foresee(RaceEvent step, Move move, ulong[] before, ulong[] after)
    {
        var variable = FieldOf(step);
        if (!_foreign[step.Cpu].Contains(variable))
        {
            PerformRead(step, before);
            return;
        }

        if (
            move.Effects.FirstOrDefault(e => e.Value is Value.Read r && r.Field == variable)
            is not { Field: { } register }
        )
        {
            return;
        }

        step.ReadValue = register.Read(after);
        _foreseen.Add(step);
    }

    private void PerformRead(RaceEvent read, ulong[] words)
    {
        var program = _programs[read.Cpu];
        var own = program
            .Take(program.IndexOf(read))
            .LastOrDefault(e => e.IsWrite && e.Location == read.Location && !e.IsPerformed);
        read.HasRead = true;
        _foreseen.Remove(read);
        read.Source = own ?? WritesOf(read.Location!).LastOrDefault();
        read.ReadValue = own?.Written ?? FieldOf(read).Read(words);
    }

    private void Perform(RaceEvent write, ulong[] before, ulong[] after)
    {
        if (write.Kind == RaceEventKind.Atomic && !write.HasRead)
            PerformRead(write, before);
        write.IsPerformed = true;
        if (write.IsText)
            return;
        write.Written = FieldOf(write).Read(after);
        WritesOf(write.Location!).Add(write);
    }

    /// <summary>The oldest step of the move's instruction that still waits for this part of it.</summary>
    private List<RaceEvent> Find(Move move, Func<RaceEvent, bool> waits) =>
        [.. _programs[move.Instruction.Cpu].Where(e => e.Move!.Instruction == move.Instruction && waits(e)).Take(1)];

    private List<RaceEvent> WritesOf(string location) =>
        _writes.TryGetValue(location, out var list) ? list : _writes[location] = [];

    private Field FieldOf(RaceEvent step) => _events.Fields[step.Location!];

    /// <summary>The values that a CPU sees: its own writes in flight over the memory.</summary>
    private int[] Values(ulong[] words, int cpu)
    {
        var values = new int[_scheme.Fields.Layout.Fields.Count];
        foreach (var field in _scheme.Fields.Layout.Fields)
            values[field.Id] = field.Read(words);
        foreach (var write in _programs[cpu].Where(e => e.IsWrite && !e.IsPerformed))
            values[FieldOf(write).Id] = write.Written;
        return values;
    }
}
