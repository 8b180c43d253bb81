using Lazykick.Checking.Exploration;
using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Comparing;

/// <summary>Two checks side by side: verdict by verdict, position by position.</summary>
public sealed class Comparison
{
    private const string Windows = "S1.windows";

    /// <summary>Compares two checks.</summary>
    /// <param name="first">One.</param>
    /// <param name="second">The other one.</param>
    /// <param name="asked">Names of the properties that count; none: all, and the windows.</param>
    public Comparison(CheckResult first, CheckResult second, IReadOnlyCollection<string> asked)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentNullException.ThrowIfNull(asked);
        (First, Second) = (first, second);
        Properties =
        [
            .. first
                .Verdicts.Concat(second.Verdicts)
                .Select(v => v.Property)
                .Distinct()
                .Where(p => asked.Count == 0 || asked.Contains(p))
                .Select(p => new ComparedProperty(p, Of(first, p), Of(second, p))),
        ];
        HasWindows =
            asked.Count == 0 && !first.NotChecked.ContainsKey(Windows) && !second.NotChecked.ContainsKey(Windows);
        Positions = Match(first.Positions, second.Positions);
    }

    /// <summary>The first check.</summary>
    public CheckResult First { get; }

    /// <summary>The second check.</summary>
    public CheckResult Second { get; }

    /// <summary>Each property that one of the two judges.</summary>
    public IReadOnlyList<ComparedProperty> Properties { get; }

    /// <summary>Windows were derived for both, and count.</summary>
    public bool HasWindows { get; }

    /// <summary>Each position that one of the two has.</summary>
    public IReadOnlyList<ComparedPosition> Positions { get; }

    /// <summary>Both spaces were searched as a whole.</summary>
    public bool IsWhole => First.End == SearchEnd.Exhausted && Second.End == SearchEnd.Exhausted;

    /// <summary>
    /// Positions that both have and at which text may be old in one of them only; none unless both were searched as a
    /// whole. That a step is there in one only is said by <see cref="Positions"/>, and is no other window.
    /// </summary>
    public IEnumerable<ComparedPosition> DifferentWindows =>
        HasWindows && IsWhole ? Positions.Where(p => p.IsOldInFirst || p.IsOldInSecond) : [];

    /// <summary>Properties with different verdicts.</summary>
    public IEnumerable<ComparedProperty> Different => Properties.Where(p => p.IsDifferent);

    /// <summary>Something differs.</summary>
    public bool HasDifference => Different.Any() || DifferentWindows.Any();

    /// <summary>
    /// The shortest execution that violates in one scheme what holds in the other: a promise if one differs, else
    /// another property, else a window, which is searched for.
    /// </summary>
    /// <param name="firstOptions">How the first check was made.</param>
    /// <param name="secondOptions">How the second check was made.</param>
    /// <param name="cancellation">Ends the search for a window.</param>
    /// <returns>Null if there is none.</returns>
    public TellingExecution? FindTelling(
        CheckOptions firstOptions,
        CheckOptions secondOptions,
        CancellationToken cancellation
    )
    {
        var broken = Different
            .Where(p => p.Broken is not null)
            .OrderBy(p => p.IsPromised ? 0 : 1)
            .ThenBy(p => p.Broken!.Length)
            .FirstOrDefault();
        if (broken is not null)
            return new TellingExecution(this, broken.Broken == broken.First, broken.Property, broken.Broken!, null);
        var inFirst = InWindow(true, firstOptions, cancellation);
        var inSecond = InWindow(false, secondOptions, cancellation);
        return inFirst is null || inSecond?.Verdict.Length < inFirst.Verdict.Length ? inSecond : inFirst;
    }

    private TellingExecution? InWindow(bool ofFirst, CheckOptions options, CancellationToken cancellation)
    {
        var meant = DifferentWindows.Where(p => ofFirst ? p.IsOldInFirst : p.IsOldInSecond).ToList();
        if (meant.Count == 0)
            return null;
        var places = meant
            .Select(p => ofFirst ? p.First! : p.Second!)
            .Select(p => (p.Path, Calls: string.Join('>', p.Calls), p.Step, p.Span))
            .ToHashSet();
        var counted = options with
        {
            Only = p => places.Contains((p.Path, string.Join('>', p.Calls), p.Step, p.Span)),
            Progress = null,
        };
        var scheme = (ofFirst ? First : Second).Scheme;
        var result = SchemeCheck.Run(scheme, counted, new DiagnosticCollection(), cancellation);
        return result?.Verdicts.FirstOrDefault(v => v.Property == Windows) is { Verdict: Verdict.Violated } verdict
            ? new TellingExecution(this, ofFirst, Windows, verdict, result)
            : null;
    }

    private static PropertyVerdict? Of(CheckResult result, string property) =>
        result.Verdicts.FirstOrDefault(v => v.Property == property);

    /// <summary>
    /// What is written at one place of one text is the same position; what reads the same in another text, in order,
    /// is, too.
    /// </summary>
    private static List<ComparedPosition> Match(
        IReadOnlyList<WindowPosition> first,
        IReadOnlyList<WindowPosition> second
    )
    {
        var match = new Dictionary<WindowPosition, WindowPosition>(ReferenceEqualityComparer.Instance);
        var taken = new HashSet<WindowPosition>(ReferenceEqualityComparer.Instance);
        Pair(p => (Reads(p), p.Span.Source.Text, p.Span.Start));
        Pair(p => (Reads(p), "", 0));
        return
        [
            .. first.Select(p => new ComparedPosition(p, match.GetValueOrDefault(p))),
            .. second.Where(p => !taken.Contains(p)).Select(p => new ComparedPosition(null, p)),
        ];

        void Pair(Func<WindowPosition, (string Reads, string Text, int Start)> key)
        {
            var open = second
                .Where(p => !taken.Contains(p))
                .GroupBy(key)
                .ToDictionary(g => g.Key, g => new Queue<WindowPosition>(g));
            foreach (var position in first.Where(p => !match.ContainsKey(p)))
            {
                if (!open.TryGetValue(key(position), out var same) || !same.TryDequeue(out var other))
                    continue;
                match[position] = other;
                taken.Add(other);
            }
        }
    }

    private static string Reads(WindowPosition p) =>
        string.Join('\n', [p.Role, p.Path, string.Join('>', p.Calls), p.Step]);
}
