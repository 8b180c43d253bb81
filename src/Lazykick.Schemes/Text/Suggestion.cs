namespace Lazykick.Schemes.Text;

/// <summary>Finds the name that was probably meant.</summary>
public static class Suggestion
{
    /// <summary>
    /// "did you mean 'x'?" for the nearest of <paramref name="known"/>, a list of a few of them, or null.
    /// </summary>
    public static string? For(string written, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(written);
        var names = known.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return Nearest(written, names)
            ?? (names.Count is > 0 and <= 12 ? $"known here: {string.Join(", ", names)}" : null);
    }

    /// <summary>"did you mean 'x'?" for the nearest of <paramref name="names"/>, or null if none is near.</summary>
    internal static string? Nearest(string written, IReadOnlyList<string> names)
    {
        if (names.Count == 0)
            return null;
        // Of equally near names, the one with the same letters: "dbs" is dsb rather than dbg.
        var letters = Letters(written);
        var best = names
            .Select(n => (Name: n, Distance: Distance(written, n)))
            .MinBy(p => (p.Distance, Letters(p.Name) == letters ? 0 : 1));
        return best.Distance <= Math.Max(1, Math.Min(written.Length, best.Name.Length) / 3)
            ? $"did you mean '{best.Name}'?"
            : null;
    }

    private static string Letters(string name) => string.Concat(name.Order());

    /// <summary>Edits (insert, delete, change, swap neighbours) between two names, ignoring case.</summary>
    internal static int Distance(string a, string b)
    {
        if (a.Length > 64 || b.Length > 64)
            return 64;
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            table[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            table[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var change = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1;
                table[i, j] = Math.Min(
                    Math.Min(table[i - 1, j] + 1, table[i, j - 1] + 1),
                    table[i - 1, j - 1] + change
                );
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
            }
        }

        return table[a.Length, b.Length];
    }
}
