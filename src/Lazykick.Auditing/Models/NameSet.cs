namespace Lazykick.Auditing.Models;

/// <summary>Names with <c>*</c> for any part, matched fast: exact ones by a table.</summary>
public sealed class NameSet
{
    private readonly HashSet<string> _exact = new(StringComparer.Ordinal);
    private readonly List<string[]> _patterns = [];

    /// <summary>As they were written.</summary>
    public List<string> Written { get; } = [];

    /// <summary>Adds a name or a pattern.</summary>
    public void Add(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        Written.Add(name);
        if (name.Contains('*', StringComparison.Ordinal))
        {
            _patterns.Add(name.Split('*'));
        }
        else
        {
            _exact.Add(name);
        }
    }

    /// <summary>Is the name one of them?</summary>
    public bool Contains(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _exact.Contains(name) || _patterns.Exists(p => Matches(name, p));
    }

    private static bool Matches(string name, string[] parts)
    {
        if (
            !name.StartsWith(parts[0], StringComparison.Ordinal)
            || !name.EndsWith(parts[^1], StringComparison.Ordinal)
            || name.Length < parts[0].Length + parts[^1].Length
        )
        {
            return false;
        }

        var at = parts[0].Length;
        for (var i = 1; i < parts.Length - 1; i++)
        {
            at = name.IndexOf(parts[i], at, StringComparison.Ordinal);
            if (at < 0)
            {
                return false;
            }

            at += parts[i].Length;
        }

        return at <= name.Length - parts[^1].Length;
    }
}
