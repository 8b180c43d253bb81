using Lazykick.Checking.Memory;
using Lazykick.Checking.Properties;
using Lazykick.Schemes.Syntax;
using Step = Lazykick.Schemes.Syntax.Step;

namespace Lazykick.Checking.Changes;

/// <summary>Takes each part of a scheme away in turn, and asks whether a verdict changes.</summary>
internal sealed class RedundancySearch
{
    private readonly Prober _prober;
    private readonly IReadOnlyList<Part> _with;
    private readonly Probe _base;
    private readonly List<string> _held;
    private readonly HashSet<Step> _taken;

    private RedundancySearch(Prober prober, Probe whole, IReadOnlyList<Part> with)
    {
        (_prober, _base, _with) = (prober, whole, with);
        _held =
        [
            .. whole
                .Compiled.Properties.Where(p => p.CanBeViolated)
                .Select(p => p.Property.Id)
                .Where(p => whole.LengthOf(p) < 0),
        ];
        var never = whole.Space.NeverMade.ToHashSet();
        _taken = new HashSet<Step>(
            whole.Compiled.Moves.Where(m => !never.Contains(m)).Select(m => m.Instruction.Step).OfType<Step>(),
            ReferenceEqualityComparer.Instance
        );
    }

    /// <summary>Finds what is redundant.</summary>
    /// <param name="prober">The scheme.</param>
    /// <param name="with">What is added to it first.</param>
    /// <param name="whole">The whole space with that.</param>
    /// <param name="options">How many searches run at once.</param>
    /// <param name="tried">Called when a part has been tried: so many of so many, by then.</param>
    public static Redundancy Run(
        Prober prober,
        IReadOnlyList<Part> with,
        Probe whole,
        ParallelOptions options,
        Action<int, int>? tried
    )
    {
        var search = new RedundancySearch(prober, whole, with);
        // Of the scheme itself: what was added to it has just been shown to be needed.
        var parts = prober.Compile([]) is { } compiled ? Removals.Of(compiled) : [];
        RemovedPart[] found =
        [
            .. parts.Select(p => new RemovedPart(p, RemovalVerdict.Undecided, "not tried: the search was given up")),
        ];
        List<Part>? together = null;
        try
        {
            var done = 0;
            Parallel.For(
                0,
                parts.Count,
                options,
                i =>
                {
                    found[i] = search.Without(parts[i]);
                    tried?.Invoke(Interlocked.Increment(ref done), parts.Count);
                }
            );
            together = search.Together(found);
        }
        catch (OperationCanceledException) when (prober.Cancellation.IsCancellationRequested)
        {
            // What was found by then is an answer.
        }

        return new Redundancy(
            found,
            together ?? [],
            with,
            search._held,
            prober.Options.Memory != MemoryModel.Sc,
            together is not null
        );
    }

    private RemovedPart Without(Part part)
    {
        if (part.Step is { } step && !IsTaken(step))
            return new RemovedPart(part, RemovalVerdict.Redundant, "no execution takes it");
        var first = Judge(part);
        if (first.Verdict != RemovalVerdict.Needed)
            return first;
        return part.Weaker.Select(Judge).FirstOrDefault(r => r.Verdict == RemovalVerdict.Redundant) ?? first;
    }

    // A step within a `together` is no instruction of its own.
    private bool IsTaken(Step step) =>
        _taken.Contains(step) || _taken.OfType<TogetherStep>().Any(t => t.Body.Any(s => ReferenceEquals(s, step)));

    private RemovedPart Judge(Part part)
    {
        if (ViolatedUnderSc(part) is { } sc)
            return new RemovedPart(part, RemovalVerdict.Needed, sc);
        if (_prober.Compile([.. _with, part]) is not { } compiled || _prober.Search(compiled, _held) is not { } probe)
            return new RemovedPart(part, RemovalVerdict.Undecided, "without it the scheme cannot be checked");
        if (probe.Broken(_held) is { } broken)
        {
            var why = $"without it {broken} is violated in {probe.LengthOf(broken)} moves";
            return new RemovedPart(part, RemovalVerdict.Needed, why);
        }

        if (!probe.IsWhole)
            return new RemovedPart(part, RemovalVerdict.Undecided, "the search without it ended at a limit");
        var mended = _base
            .Compiled.Properties.Select(p => p.Property.Id)
            .Where(p => _base.LengthOf(p) >= 0 && probe.LengthOf(p) < 0)
            .ToList();
        return mended.Count > 0
            ? new RemovedPart(part, RemovalVerdict.Changes, $"without it {string.Join(", ", mended)} is not violated")
            : new RemovedPart(part, RemovalVerdict.Redundant, Reason(part, probe));
    }

    /// <summary>
    /// The small space first: what sc executes every other model executes, so that a violation there is one. Not of S8,
    /// which asks what cannot be reached.
    /// </summary>
    private string? ViolatedUnderSc(Part part)
    {
        var safe = _held.Where(p => p != S8Return.Name).ToList();
        if (
            _prober.Options.Memory == MemoryModel.Sc
            || part.Kind is PartKind.Barrier or PartKind.Order
            || _prober.Compile([.. _with, part], MemoryModel.Sc) is not { } compiled
            || _prober.Search(compiled, safe) is not { } probe
        )
        {
            return null;
        }

        return probe.Broken(safe) is { } broken
            ? $"without it {broken} is violated under sc in {probe.LengthOf(broken)} moves"
            : null;
    }

    private string Reason(Part part, Probe without)
    {
        var old = Stale(_base);
        var more = Stale(without).Except(old).Count();
        if (part.Kind == PartKind.Synchronisation)
        {
            var here = _base.Space.Positions.Any(p => ReferenceEquals(p.Instruction.Step, part.Step) && p.Stale);
            return !here ? "text that a kick vouched for is never old where it is taken"
                : more == 0 ? "text is old at no more positions without it"
                : $"text is old at {more} more positions without it; no property holds that this would break";
        }

        if (more > 0)
            return $"text is old at {more} more positions without it; no property holds that this would break";
        return _base.Space.States == without.Space.States && _base.Space.Transitions == without.Space.Transitions
            ? "the space is as large without it"
            : "no property depends on it";
    }

    private static HashSet<(string Path, string Calls, Schemes.Text.SourceSpan Span, bool IsTest)> Stale(Probe probe) =>
        [.. probe.Space.Positions.Where(p => p.Stale).Select(p => p.Instruction.Key)];

    /// <summary>
    /// One after the other, as long as nothing changes. What is redundant alone, and not with the others, is covered by
    /// one of them.
    /// </summary>
    private List<Part> Together(RemovedPart[] found)
    {
        var gone = new List<Part>();
        for (var i = 0; i < found.Length; i++)
        {
            if (found[i].Verdict != RemovalVerdict.Redundant)
                continue;
            if (gone.Count == 0 || IsUnchanged([.. gone, found[i].Part]))
            {
                gone.Add(found[i].Part);
                continue;
            }

            var other = gone.LastOrDefault(g => !IsUnchanged([g, found[i].Part]));
            found[i] = found[i] with
            {
                Reason = other is null ? "needed once other redundant parts are gone" : $"{other} does the same",
            };
        }

        return gone;
    }

    private bool IsUnchanged(IReadOnlyList<Part> parts) =>
        _prober.Compile([.. _with, .. parts]) is { } compiled
        && _prober.Search(compiled, _held) is { IsWhole: true } probe
        && _base.Compiled.Properties.All(p => probe.LengthOf(p.Property.Id) < 0 == _base.LengthOf(p.Property.Id) < 0);
}
