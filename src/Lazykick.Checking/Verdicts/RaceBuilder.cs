using Lazykick.Checking.Compilation;
using Lazykick.Checking.Machines;
using Lazykick.Checking.Memory;
using Lazykick.Checking.Moves;
using Lazykick.Checking.Properties;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Verdicts;

/// <summary>Says in the scheme's terms what the moves of a path did.</summary>
internal sealed class RaceBuilder(CompiledScheme scheme)
{
    private readonly HashSet<string> _memory = [.. scheme.Fields.Memory.Select(f => f.Name)];

    public Scheme Scheme => scheme.Scheme;

    public Race Build(Property property, SchemeExecution execution)
    {
        var before = execution.Start;
        var moves = new List<RaceMove>();
        var eqs = new List<IReadOnlyList<bool>> { EqsOf(before) };
        foreach (var (move, after) in execution.Steps)
        {
            var told = Describe(move, before, after);
            moves.Add(told with { ReadValue = ReadValue(told, scheme.AccessOf(move.Instruction), before, moves) });
            eqs.Add(EqsOf(after));
            before = after;
        }

        var starts = scheme.PlacesOf(execution.Start);
        var roles = scheme.Cpus.Select((_, i) => scheme.Scheme.RoleOf(i).Name).ToList();
        var standing = execution.Stuck is { } stuck ? new Standings(scheme).Of(stuck) : [];
        var text = execution.Last is { } last ? new RaceText(last.Cpu, last.Path, last.Text, last.Span) : null;
        return new Race(property, starts, roles, moves, text) { Eqs = eqs, Standing = standing };
    }

    /// <summary>
    /// What a load finds: memory's value, if no write of the CPU to the variable that is older in program order is in
    /// flight. A CPU issues in program order, and a step that is in flight twice reads in the order of issue.
    /// </summary>
    private static int? ReadValue(RaceMove told, Access access, ulong[] before, List<RaceMove> earlier)
    {
        if (told.Access != RaceAccess.Load || told.Phase is MovePhase.Issue or MovePhase.Write)
            return null;
        var own = earlier.Where(m => m.Cpu == told.Cpu && m.Span == told.Span).ToList();
        var reads = own.Count(m => m.Phase == told.Phase);
        var issue = own.Where(m => m.Phase == MovePhase.Issue).ElementAtOrDefault(reads);
        var writes = earlier
            .TakeWhile(m => m != issue)
            .Count(m =>
                m.Phase == MovePhase.Issue
                && m.Cpu == told.Cpu
                && m.Variable == told.Variable
                && m.Access is RaceAccess.Store or RaceAccess.Atomic
            );
        var performed = earlier.Count(m =>
            m.Phase == MovePhase.Write && m.Cpu == told.Cpu && m.Variable == told.Variable
        );
        return writes > performed ? null : access.Variable?.Read(before);
    }

    private RaceMove Describe(Move move, ulong[] before, ulong[] after)
    {
        var instruction = move.Instruction;
        var changes = scheme
            .Fields.Layout.Fields.Select(f => new RaceChange(f.Name, f.Read(before), f.Read(after)))
            .Where(c => c.Before != c.After)
            .ToList();
        var access = scheme.AccessOf(instruction);
        var doors = Doors(instruction.Step);
        var isSilent = doors.Count > 0 && AccessOf(instruction) != RaceAccess.Synchronise;
        return new RaceMove
        {
            Cpu = instruction.Cpu,
            Step = instruction.Text,
            Keyword = Keyword(instruction.Step),
            Note = move.Note,
            Enters = move.Enters,
            Path = instruction.Path,
            Calls = instruction.Calls,
            Span = instruction.Span,
            Changes = changes,
            Kind = Kind(move, before, after),
            Phase = PhaseOf(scheme, move),
            Access = AccessOf(instruction),
            Variable = access.Variable?.Name,
            TellsEqs = access.Variable is { } variable && scheme.Eqs.Any(e => e.Fields().Contains(variable)),
            Parts = Parts(instruction),
            Kernel = instruction.Step?.Kernel,
            Asserted = (instruction.Step as AssertStep)?.Condition.Span.Text,
            Reproach = (instruction.Step as AssertStep)?.Message,
            Kick = instruction.Step is KickStep kick ? kick.Name : null,
            Target = move.Decision?.Target ?? move.Target,
            Message = (instruction.Step as SendStep)?.Message,
            Skips = move.Decision?.Skips,
            Policy = move.Decision?.Policy,
            FailsToSynchronise = isSilent,
            IsSilentDoor = isSilent && (move.Enters is null || doors.Contains(SyncKind.Exception)),
            ChangesMemory = changes.Any(c => _memory.Contains(c.Name)),
        };
    }

    /// <summary>
    /// Where an access comes later, the move is an issue; the moves that follow from it say themselves what they are.
    /// </summary>
    public static MovePhase PhaseOf(CompiledScheme scheme, Move move) =>
        move.Phase == MovePhase.Whole && scheme.IsInFlight(move.Instruction) ? MovePhase.Issue : move.Phase;

    private RaceAccess AccessOf(Instruction instruction) =>
        ContextSynchronisation.IsEvent(instruction.Step, scheme.ScopeOf(instruction.Cpu))
            ? RaceAccess.Synchronise
            : scheme.AccessOf(instruction) switch
            {
                { Text: not null } or { Mapping: not null } => RaceAccess.Maintain,
                { Kind: InstanceKind.Load } => RaceAccess.Load,
                { Kind: InstanceKind.Store } => RaceAccess.Store,
                { Kind: InstanceKind.Rmw } => RaceAccess.Atomic,
                _ when instruction.Step is FenceStep => RaceAccess.Barrier,
                _ => RaceAccess.None,
            };

    private static string Keyword(Step? step) =>
        step switch
        {
            TextStep s => s.Kind switch
            {
                TextStepKind.Write => "write",
                TextStepKind.CleanData => "dc",
                _ => "ic",
            },
            FenceStep s => s.Kind switch
            {
                FenceKind.SmpMb => "smp_mb",
                FenceKind.SmpRmb => "smp_rmb",
                FenceKind.SmpWmb => "smp_wmb",
                _ => "dsb",
            },
            SyncStep { Kind: SyncKind.Isb } => RaceMove.IsbKeyword,
            EitherStep => RaceMove.EitherKeyword,
            _ => "",
        };

    private static IReadOnlyList<SyncKind> Doors(Step? step) =>
        step switch
        {
            SyncStep sync => [sync.Kind],
            TogetherStep together => [.. together.Body.OfType<SyncStep>().Select(s => s.Kind)],
            _ => [],
        };

    private static IReadOnlyList<string> Parts(Instruction instruction) =>
        instruction.Step is TogetherStep together ? [.. together.Body.Select(s => s.Span.Text)] : [instruction.Text];

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
            _ when move.Decision is not null => RaceMoveKind.Select,
            TextStep { Kind: TextStepKind.Write } => RaceMoveKind.WriteText,
            TextStep => RaceMoveKind.MaintainText,
            SyncStep or TogetherStep when AccessOf(move.Instruction) == RaceAccess.Synchronise =>
                RaceMoveKind.Synchronise,
            SendStep => RaceMoveKind.Send,
            DiscoverStep => RaceMoveKind.Discover,
            KickStep => RaceMoveKind.KickBegins,
            WhenStep or EitherStep => RaceMoveKind.Decide,
            MappingStep => RaceMoveKind.Obligation,
            AssignStep { Lifetime: not Lifetime.None } => RaceMoveKind.Obligation,
            AssignStep when scheme.AccessOf(move.Instruction).Variable is { } v && scheme.Vouches(v) =>
                RaceMoveKind.Obligation,
            _ => RaceMoveKind.Other,
        };
    }

    private IReadOnlyList<bool> EqsOf(ulong[] words) => [.. scheme.Cpus.Select((_, cpu) => Eqs(cpu, words))];

    private bool Eqs(int cpu, ulong[] words)
    {
        var values = new int[scheme.Fields.Layout.Fields.Count];
        foreach (var field in scheme.Fields.Layout.Fields)
            values[field.Id] = field.Read(words);
        return scheme.Eqs[cpu].Of(values) != 0;
    }
}
