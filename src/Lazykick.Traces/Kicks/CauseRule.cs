using System.Text;

namespace Lazykick.Traces.Kicks;

/// <summary>One rule of the table of causes.</summary>
internal sealed class CauseRule
{
    private readonly IReadOnlyList<(string Key, string[] Wanted, string[] Refused)> _conditions;

    private CauseRule(string name, string reason, IReadOnlyList<(string, string[], string[])> conditions)
    {
        Name = name;
        Reason = reason;
        _conditions = conditions;
    }

    /// <summary>The name with its places for what the trace tells.</summary>
    public string Name { get; }

    public string Reason { get; }

    /// <summary>What can be asked of the facts.</summary>
    public static IReadOnlyList<string> Keys { get; } =
    ["interrupt", "function", "class", "stack", "call", "task", "timer", "tick"];

    /// <summary>Places that a name may have.</summary>
    public static IReadOnlyList<string> Places { get; } =
    ["task", "call", "woken", "device", "timer", "function", "caller"];

    /// <summary>Reads a rule; null with what is wrong.</summary>
    public static CauseRule? Parse(string name, string conditions, string reason, out string? error)
    {
        error = null;
        var parsed = new List<(string, string[], string[])>();
        foreach (var condition in conditions.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var at = condition.IndexOf('=', StringComparison.Ordinal);
            var key = at < 0 ? condition : condition[..at];
            if (at < 0 || !Keys.Contains(key, StringComparer.Ordinal))
            {
                error = $"expected KEY=PATTERN with one of {string.Join(", ", Keys)}, found '{condition}'";
                return null;
            }

            var patterns = condition[(at + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries);
            parsed.Add(
                (
                    key,
                    [.. patterns.Where(static pattern => pattern[0] != '!')],
                    [.. patterns.Where(static pattern => pattern[0] == '!').Select(static pattern => pattern[1..])]
                )
            );
        }

        foreach (var place in name.Split('{').Skip(1).Select(static part => part.Split('}')[0]))
        {
            if (!Places.Contains(place, StringComparer.Ordinal))
                error = $"expected one of {{{string.Join("}, {", Places)}}} in a name, found '{{{place}}}'";
        }

        if (parsed.Count == 0)
            error = "expected a condition";
        return error is null ? new CauseRule(name, reason, parsed) : null;
    }

    /// <summary>Whether the facts meet all conditions, and have what the name needs.</summary>
    public bool Holds(CauseFacts facts) =>
        _conditions.All(condition => Holds(facts, condition.Key, condition.Wanted, condition.Refused));

    /// <summary>
    /// The name with what the facts say in its places; null where something that it needs is not known.
    /// </summary>
    public string? NameFor(CauseFacts facts, Func<string?> caller)
    {
        var text = new StringBuilder();
        var at = 0;
        while (at < Name.Length)
        {
            var end = Name.IndexOf(Name[at] == '[' ? ']' : '[', at);
            end = end < 0 ? Name.Length : end;
            var part = Fill(Name[at] == '[' ? Name[(at + 1)..end] : Name[at..end], facts, caller);
            if (part is null && Name[at] != '[')
                return null;
            text.Append(part);
            at = Name[at] == '[' ? end + 1 : end;
        }

        return text.ToString().TrimEnd();
    }

    public static bool Matches(string text, string pattern)
    {
        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        if (star < 0)
            return text == pattern;
        // One star or two, at the ends or between.
        var (head, tail) = (pattern[..star], pattern[(star + 1)..]);
        if (!text.StartsWith(head, StringComparison.Ordinal))
            return false;
        var rest = text[head.Length..];
        if (!tail.Contains('*', StringComparison.Ordinal))
            return rest.EndsWith(tail, StringComparison.Ordinal);
        for (var from = 0; from <= rest.Length; from++)
        {
            if (Matches(rest[from..], tail))
                return true;
        }

        return false;
    }

    private static bool Holds(CauseFacts facts, string key, string[] wanted, string[] refused)
    {
        var values = ValuesOf(facts, key);
        return values.Any(value => wanted.Any(pattern => Matches(value, pattern)))
            && !values.Any(value => refused.Any(pattern => Matches(value, pattern)));
    }

    private static IReadOnlyList<string> ValuesOf(CauseFacts facts, string key) =>
        key switch
        {
            "stack" => facts.Stack,
            "tick" => facts.Tick,
            "interrupt" => [facts.Interrupt],
            "function" => One(facts.Function),
            "class" => One(facts.Class),
            "call" => One(facts.Call),
            "task" => One(facts.Task),
            _ => One(facts.Timer),
        };

    private static IReadOnlyList<string> One(string? value) => value is null ? [] : [value];

    private static string? Fill(string part, CauseFacts facts, Func<string?> caller)
    {
        var text = part;
        foreach (var place in Places)
        {
            if (!text.Contains('{' + place + '}', StringComparison.Ordinal))
                continue;
            var value = place switch
            {
                "task" => facts.Task,
                "call" => facts.Call is "interrupt" ? null : facts.Call,
                "woken" => facts.Woken,
                "device" => facts.Device,
                "timer" => facts.Timer,
                "function" => facts.Function,
                _ => caller(),
            };
            if (value is null)
                return null;
            text = text.Replace('{' + place + '}', value, StringComparison.Ordinal);
        }

        return text;
    }
}
