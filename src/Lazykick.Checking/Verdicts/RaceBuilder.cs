using Lazykick.Checking.Compilation;
using Lazykick.Checking.Machines;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Verdicts;

/// <summary>Says in the scheme's terms what the moves of a trace did.</summary>
internal sealed class RaceBuilder(CompiledScheme scheme)
{
    private readonly HashSet<string> _memory = [.. scheme.Fields.Memory.Select(f => f.Name)];

    public Race Build(string property, Trace trace)
    {
        var before = trace.Start;
        var moves = new List<RaceMove>();
        foreach (var (move, after) in trace.Steps)
        {
            moves.Add(Describe(move, before, after));
            before = after;
        }

        var starts = scheme
            .Cpus.Select((c, i) => c.Levels[0][scheme.Fields.Cpus[i].Pc[0].Read(trace.Start)].Path)
            .ToList();
        var roles = scheme.Cpus.Select((_, i) => scheme.Scheme.RoleOf(i).Name).ToList();
        var text = trace.Last is { } last ? new RaceText(last.Cpu, last.Path, last.Text, last.Span) : null;
        return new Race(property, starts, roles, moves, text);
    }

    private RaceMove Describe(Move move, ulong[] before, ulong[] after)
    {
        var instruction = move.Instruction;
        var changes = scheme
            .Fields.Layout.Fields.Select(f => new RaceChange(f.Name, f.Read(before), f.Read(after)))
            .Where(c => c.Before != c.After)
            .ToList();
        return new RaceMove(
            instruction.Cpu,
            instruction.Text,
            move.Note,
            move.Enters,
            instruction.Path,
            instruction.Calls,
            instruction.Span,
            changes,
            Kind(move, before, after),
            Phase(move),
            changes.Any(c => _memory.Contains(c.Name))
        );
    }

    /// <summary>
    /// A move that takes a slot of the window is an issue; the moves that follow from it say themselves what they are.
    /// </summary>
    private MovePhase Phase(Move move) =>
        scheme.Windows.Count > 0 && move.Phase == MovePhase.Whole && scheme.AccessOf(move.Instruction).IsWindowed
            ? MovePhase.Issue
            : move.Phase;

    private RaceMoveKind Kind(Move move, ulong[] before, ulong[] after)
    {
        var cpu = move.Instruction.Cpu;
        if (move.ReturnsKick)
            return RaceMoveKind.KickReturns;
        var was = Eqs(cpu, before);
        var isNow = Eqs(cpu, after);
        if (was != isNow)
            return was ? RaceMoveKind.LeaveEqs : RaceMoveKind.EnterEqs;
        return move.Instruction.Step switch
        {
            TextStep { Kind: TextStepKind.Write } => RaceMoveKind.WriteText,
            TextStep => RaceMoveKind.MaintainText,
            SyncStep { Kind: not (SyncKind.X86Exception or SyncKind.Sysret) } => RaceMoveKind.Synchronise,
            SelectStep => RaceMoveKind.Select,
            SendStep => RaceMoveKind.Send,
            DiscoverStep => RaceMoveKind.Discover,
            KickStep => RaceMoveKind.KickBegins,
            MappingStep => RaceMoveKind.Obligation,
            AssignStep { Lifetime: not Lifetime.None } => RaceMoveKind.Obligation,
            AssignStep
                when scheme.AccessOf(move.Instruction).Variable is { } variable
                    && scheme.Fields.Published.ContainsKey(variable) => RaceMoveKind.Obligation,
            _ => RaceMoveKind.Other,
        };
    }

    private bool Eqs(int cpu, ulong[] words)
    {
        var values = new int[scheme.Fields.Layout.Fields.Count];
        foreach (var field in scheme.Fields.Layout.Fields)
            values[field.Id] = field.Read(words);
        return scheme.Eqs[cpu].Of(values) != 0;
    }
}
