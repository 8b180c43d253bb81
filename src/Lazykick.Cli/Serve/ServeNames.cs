using Lazykick.Traces.Reports;

namespace Lazykick.Cli.Serve;

/// <summary>
/// The names that labels have so far: a bounded number of each kind, and none is ever taken back. What comes later is
/// counted together.
/// </summary>
internal sealed class ServeNames
{
    /// <summary>Functions and causes that get a name of their own, each.</summary>
    public const int Most = 50;

    /// <summary>The name of all that have none of their own.</summary>
    public const string Other = "other";

    private readonly HashSet<string> _functions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Sum> _causes = new(StringComparer.Ordinal);
    private Dictionary<string, BreakCauseReport> _last = new(StringComparer.Ordinal);

    /// <summary>Breaks of each cause, and their time in units of the clock.</summary>
    public IReadOnlyDictionary<string, Sum> Causes => _causes;

    /// <summary>A function's own name, or null.</summary>
    public string? OfFunction(string function) => Named(_functions, function) ? function : null;

    /// <summary>
    /// Adds what has come since the last time. A cause may get another name when a task's is known; a counter never
    /// goes back.
    /// </summary>
    public void AddCauses(IEnumerable<BreakCauseReport> causes)
    {
        var now = causes.ToDictionary(static cause => cause.Cause.Name, StringComparer.Ordinal);
        foreach (var (name, cause) in now)
        {
            var before = _last.GetValueOrDefault(name);
            // Tasks come and go without end: they are no part of a label.
            var kind = cause.Cause.Kind;
            var key = _causes.ContainsKey(kind) || _causes.Count < Most ? kind : Other;
            var sum = _causes.GetValueOrDefault(key);
            _causes[key] = new Sum(
                sum.Count + Math.Max(0, cause.Count - (before?.Count ?? 0)),
                sum.Time + (cause.Time > (before?.Time ?? 0) ? cause.Time - (before?.Time ?? 0) : 0)
            );
        }

        _last = now;
    }

    private static bool Named(HashSet<string> names, string name) =>
        names.Contains(name) || (names.Count < Most && names.Add(name));

    /// <summary>Breaks and their time.</summary>
    internal readonly record struct Sum(long Count, ulong Time);
}
