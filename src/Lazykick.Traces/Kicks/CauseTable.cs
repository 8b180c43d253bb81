using System.Diagnostics.CodeAnalysis;

namespace Lazykick.Traces.Kicks;

/// <summary>
/// Names of causes, from an editable text: one rule a line, <c>NAME | CONDITION ... | reason</c>; the first rule that
/// holds names the cause. The text itself says what conditions there are.
/// </summary>
public sealed class CauseTable
{
    private const string Resource = "kick-causes.txt";

    private readonly List<CauseRule> _rules = [];
    private readonly List<(string Name, string Text)> _cures = [];
    private readonly List<(string Name, string Text)> _stackHints = [];
    private readonly List<string> _through = [];

    private CauseTable() { }

    /// <summary>The table that comes with the product.</summary>
    public static CauseTable Default { get; } =
        TryParse(DefaultText, null, out var table, out var error)
            ? table
            : throw new InvalidOperationException($"{Resource}: {error}");

    /// <summary>The text of <see cref="Default"/>.</summary>
    public static string DefaultText
    {
        get
        {
            using var stream =
                typeof(CauseTable).Assembly.GetManifestResourceStream(Resource)
                ?? throw new InvalidOperationException($"resource {Resource} is missing from the build");
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd();
        }
    }

    /// <summary>Number of rules.</summary>
    public int Count => _rules.Count;

    internal IReadOnlyList<CauseRule> Rules => _rules;

    internal IReadOnlyList<(string Name, string Text)> Cures => _cures;

    /// <summary>Reads rules; they come before those of a base table.</summary>
    /// <param name="text">The rules.</param>
    /// <param name="over">The table whose rules come after; null for none.</param>
    /// <param name="table">The result.</param>
    /// <param name="error">Line and message, where a rule is wrong.</param>
    public static bool TryParse(
        string text,
        CauseTable? over,
        [NotNullWhen(true)] out CauseTable? table,
        [NotNullWhen(false)] out string? error
    )
    {
        ArgumentNullException.ThrowIfNull(text);
        (table, error) = (null, null);
        var result = new CauseTable();
        var number = 0;
        foreach (var line in text.Split('\n').Select(static line => line.Trim()))
        {
            number++;
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (line.StartsWith("through ", StringComparison.Ordinal))
            {
                result._through.AddRange(line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1));
                continue;
            }

            var parts = line.Split('|', StringSplitOptions.TrimEntries);
            if (line.StartsWith("cure ", StringComparison.Ordinal) && parts.Length == 2)
            {
                result._cures.Add((parts[0]["cure ".Length..].Trim(), parts[1]));
                continue;
            }

            if (line.StartsWith("stacks ", StringComparison.Ordinal) && parts.Length == 2)
            {
                result._stackHints.Add((parts[0]["stacks ".Length..].Trim(), parts[1]));
                continue;
            }

            if (parts.Length != 3)
            {
                error = $"line {number}: expected 'NAME | CONDITION ... | reason', found '{line}'";
                return false;
            }

            if (CauseRule.Parse(parts[0], parts[1], parts[2], out var wrong) is not { } rule)
            {
                error = $"line {number}: {wrong}";
                return false;
            }

            result._rules.Add(rule);
        }

        if (over is not null)
        {
            result._rules.AddRange(over._rules);
            result._cures.AddRange(over._cures);
            result._stackHints.AddRange(over._stackHints);
            result._through.AddRange(over._through);
        }

        table = result;
        return true;
    }

    /// <summary>The cause that facts stand for.</summary>
    /// <param name="facts">What the trace tells.</param>
    /// <param name="ofClass">The cure of the function's class, for a cause without one of its own.</param>
    /// <param name="hasStacks">The trace has call stacks of senders: whoever asks need not be told to record
    /// them.</param>
    public KickCause Find(CauseFacts facts, string? ofClass = null, bool hasStacks = true)
    {
        ArgumentNullException.ThrowIfNull(facts);
        foreach (var rule in _rules)
        {
            if (!rule.Holds(facts) || rule.NameFor(facts, () => CallerOf(facts.Stack)) is not { } name)
                continue;
            var cure = LongestOf(_cures, rule.Name) ?? ofClass;
            if (!hasStacks && LongestOf(_stackHints, rule.Name) is { } hint)
                cure = cure is null ? hint : $"{hint} {cure}";
            return new KickCause(name, rule.Reason, cure);
        }

        return new KickCause(facts.Interrupt, "no rule names this", ofClass);
    }

    /// <summary>The text of the longest name that the rule's begins with: 'tick kept by RCU' before 'tick'.</summary>
    private static string? LongestOf(List<(string Name, string Text)> texts, string rule) =>
        texts
            .Where(text => rule.StartsWith(text.Name, StringComparison.Ordinal))
            .OrderByDescending(static text => text.Name.Length)
            .Select(static text => text.Text)
            .FirstOrDefault();

    /// <summary>The innermost function of a stack that does not only send for others; null for none.</summary>
    public string? CallerOf(IReadOnlyList<string> stack) =>
        stack.FirstOrDefault(frame => !_through.Exists(pattern => CauseRule.Matches(frame, pattern)));
}
