using Lazykick.Checking.Moves;
using Lazykick.Schemes.Editing;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Changes;

/// <summary>
/// Finds all minimal sets of additions with which a property holds. Each race that is found becomes a small space, that
/// of all executions of its steps; a largest set of additions that still leaves a race there tells which of the others
/// one must have. Only a set that has one for each known race is searched whole.
/// </summary>
internal sealed class RepairSearch
{
    private readonly Prober _prober;
    private readonly string _property;
    private readonly List<string> _kept;
    private readonly ParallelOptions _parallel;
    private readonly IReadOnlyList<Part> _restricting;
    private readonly List<HashSet<(int, string, SourceSpan)>> _races = [];
    private readonly HittingSets _sets;
    private readonly List<Part> _always;
    private long _searches;

    /// <summary>A search for sets that hold some parts in any case.</summary>
    public RepairSearch(
        Prober prober,
        string property,
        IReadOnlyList<string> kept,
        IReadOnlyList<Part> restricting,
        IReadOnlyList<Part> always,
        int mostParts,
        ParallelOptions parallel
    )
    {
        (_prober, _property, _parallel, _restricting) = (prober, property, parallel, restricting);
        _kept = [.. kept];
        _always = [.. always];
        _sets = new HittingSets(mostParts - always.Count);
    }

    /// <summary>Called with every set that mends the property, and the states of its space.</summary>
    public required Action<IReadOnlyList<Part>, long> Found { get; init; }

    /// <summary>Called with every set that mends the property and breaks a promise.</summary>
    public required Action<IReadOnlyList<Part>, string> Refused { get; init; }

    /// <summary>Sets whose search ended at a limit.</summary>
    public int Undecided { get; private set; }

    public long Searches => Interlocked.Read(ref _searches);

    /// <summary>Sets that do all that this one does are not looked for.</summary>
    public void Block(IReadOnlyList<Part> set) => _sets.Block(set);

    /// <summary>Finds the sets.</summary>
    public void Run()
    {
        while (true)
        {
            _prober.Cancellation.ThrowIfCancellationRequested();
            var sets = _sets.Next(_parallel.MaxDegreeOfParallelism);
            if (sets.Count == 0)
                return;
            var results = new (Probe? Probe, HashSet<(int, string, SourceSpan)>? Race)[sets.Count];
            Parallel.For(0, sets.Count, _parallel, i => results[i] = Try(sets[i]));
            for (var i = 0; i < sets.Count; i++)
                Note(sets[i], results[i].Probe, results[i].Race);
        }
    }

    private (Probe? Probe, HashSet<(int, string, SourceSpan)>? Race) Try(IReadOnlyList<Part> set)
    {
        if (_races.Find(r => IsViolated(set, r)) is { } known)
            return (null, known);
        if (_prober.Compile([.. _always, .. set]) is not { } compiled)
            return (null, null);
        Interlocked.Increment(ref _searches);
        var probe = _prober.Search(compiled, [_property, .. _kept]);
        return (probe, probe is not null && probe.LengthOf(_property) >= 0 ? StepsOf(probe) : null);
    }

    private void Note(IReadOnlyList<Part> set, Probe? probe, HashSet<(int, string, SourceSpan)>? race)
    {
        if (race is not null)
        {
            if (!_races.Contains(race))
                _races.Add(race);
            _sets.Add(Needed(set, race));
            return;
        }

        _sets.Block(set);
        IReadOnlyList<Part> all = [.. _always, .. set];
        if (probe is null || (!probe.IsWhole && probe.Broken(_kept) is null))
            Undecided++;
        else if (probe.Broken(_kept) is { } broken)
            Refused(all, broken);
        else
            Found(all, probe.Space.States);
    }

    /// <summary>The steps of the race: by CPU, path and place in the text.</summary>
    private HashSet<(int, string, SourceSpan)> StepsOf(Probe probe) =>
        [.. probe.Space.Execution(probe.Compiled.PropertyOf(_property))!.Steps.Select(s => Key(s.Move))];

    private static (int Cpu, string Path, SourceSpan Span) Key(Move move) =>
        (move.Instruction.Cpu, move.Instruction.Path, move.Instruction.Span);

    /// <summary>Of what is not in a set: the parts that a largest set with a race on these steps leaves out.</summary>
    private List<Part> Needed(IReadOnlyList<Part> set, HashSet<(int, string, SourceSpan)> race)
    {
        var spans = race.Select(r => r.Item3).ToHashSet();
        var rest = _restricting.Where(p => !set.Contains(p)).ToLookup(p => IsMet(p, spans));
        var within = set.Concat(rest[false]).ToList();
        var needed = new List<Part>();
        Grow([.. rest[true].OrderBy(p => p.Kind).ThenBy(p => p.Rank.Strength)]);
        return needed;

        void Grow(List<Part> more)
        {
            if (more.Count == 0)
                return;
            if (IsViolated([.. within, .. more], race))
            {
                within.AddRange(more);
                return;
            }

            if (more.Count == 1)
            {
                needed.Add(more[0]);
                return;
            }

            Grow(more[..(more.Count / 2)]);
            Grow(more[(more.Count / 2)..]);
        }
    }

    // A step that holds others, or calls a routine, may be passed without being one of the race's own.
    private static bool IsMet(Part part, HashSet<SourceSpan> spans) =>
        part.Neighbours.Any(s => spans.Contains(s.Span) || s.Blocks.Any() || s is Schemes.Syntax.CallStep);

    /// <summary>Do the steps of a race still violate the property?</summary>
    private bool IsViolated(IReadOnlyList<Part> set, HashSet<(int, string, SourceSpan)> race)
    {
        if (_prober.Compile([.. _always, .. Strongest(set)]) is not { } compiled)
            return false;
        Interlocked.Increment(ref _searches);
        return _prober.Search(compiled, [_property], m => IsOf(m, race))?.LengthOf(_property) >= 0;
    }

    private static bool IsOf(Move move, HashSet<(int, string, SourceSpan)> race) =>
        move.Instruction.IsPlace || move.Instruction.Span.Source.Path == Fragment.Origin || race.Contains(Key(move));

    /// <summary>Without what another part of the set does, too.</summary>
    private static IEnumerable<Part> Strongest(IReadOnlyList<Part> set) =>
        set.Where(p => p.Rank.Slot is null || !set.Any(o => o != p && o.IsAtLeast(p)));

    /// <summary>The length of a race with a set; -1 if there is none, or none was found.</summary>
    public static int RaceWith(Prober prober, IReadOnlyList<Part> set, string property) =>
        prober.Compile(set) is { } compiled ? prober.Search(compiled, [property])?.LengthOf(property) ?? -1 : -1;
}
