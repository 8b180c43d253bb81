using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;

namespace Lazykick.Traces.Kicks;

/// <summary>
/// Which functions of kicks may be deferred, from an editable text: one row a line, <c>FUNCTION
/// deferrable|never|unknown CLASS [VERSIONS] reason in words</c>, and for each class <c>cure CLASS what an operator can
/// do</c>; <c>#</c> begins a comment line. A later row takes the place of an earlier one for the same function or
/// class, so that a user's file needs only what differs.
/// </summary>
public sealed class FunctionTable
{
    private const string Resource = "kick-functions.txt";

    private readonly Dictionary<string, KickFunction> _rows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _cures = new(StringComparer.Ordinal);

    private FunctionTable() { }

    /// <summary>The table that comes with the product.</summary>
    public static FunctionTable Default { get; } = LoadDefault();

    /// <summary>The text of <see cref="Default"/>, as a start for one's own.</summary>
    public static string DefaultText
    {
        get
        {
            using var stream =
                typeof(FunctionTable).Assembly.GetManifestResourceStream(Resource)
                ?? throw new InvalidOperationException($"resource {Resource} is missing from the build");
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd();
        }
    }

    /// <summary>All rows by function.</summary>
    public IReadOnlyDictionary<string, KickFunction> Rows => new ReadOnlyDictionary<string, KickFunction>(_rows);

    /// <summary>Reads rows over the ones of a base table.</summary>
    /// <param name="text">The rows.</param>
    /// <param name="over">The table whose rows stay unless replaced; null for none.</param>
    /// <param name="table">The result.</param>
    /// <param name="error">Line and message, where a row is wrong.</param>
    public static bool TryParse(
        string text,
        FunctionTable? over,
        [NotNullWhen(true)] out FunctionTable? table,
        [NotNullWhen(false)] out string? error
    )
    {
        ArgumentNullException.ThrowIfNull(text);
        table = null;
        var result = new FunctionTable();
        foreach (var (name, row) in over?._rows ?? [])
            result._rows[name] = row;
        foreach (var (kickClass, cure) in over?._cures ?? [])
            result._cures[kickClass] = cure;
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            if (line.AsSpan().Trim() is [] or ['#', ..])
                continue;
            if (line.Split((char[]?)null, 3, StringSplitOptions.RemoveEmptyEntries) is ["cure", var of, var cure])
            {
                result._cures[of] = cure.Trim();
                continue;
            }

            var words = line.Split((char[]?)null, 4, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 4)
            {
                error =
                    $"line {number}: expected 'FUNCTION deferrable|never|unknown CLASS reason', found '{line.Trim()}'";
                return false;
            }

            Deferrability? deferrability = words[1] switch
            {
                "deferrable" => Deferrability.Deferrable,
                "never" => Deferrability.Never,
                "unknown" => Deferrability.Unknown,
                _ => null,
            };
            if (deferrability is not { } known)
            {
                error = $"line {number}: expected deferrable, never or unknown after '{words[0]}', found '{words[1]}'";
                return false;
            }

            var (versions, reason) = SplitVersions(words[3].Trim());
            result._rows[words[0]] = new KickFunction(words[0], known, words[2], reason) { Versions = versions };
        }

        foreach (var row in result._rows.Values.ToList())
            result._rows[row.Name] = row with { Cure = result.Cure(row.KickClass) };
        (table, error) = (result, null);
        return true;
    }

    /// <summary>
    /// The row of a function by its symbol; suffixes like <c>.isra.0</c> and the module in brackets do not count.
    /// </summary>
    public KickFunction? Find(string symbol)
    {
        ArgumentNullException.ThrowIfNull(symbol);
        if (_rows.TryGetValue(symbol, out var row))
            return row;
        var end = symbol.AsSpan().IndexOfAny('.', ' ');
        return end > 0 ? _rows.GetValueOrDefault(symbol[..end]) : null;
    }

    /// <summary>What an operator can do to have fewer kicks of a class, or null where the table does not say.</summary>
    public string? Cure(string kickClass) => _cures.GetValueOrDefault(kickClass);

    private static (string? Versions, string Reason) SplitVersions(string rest)
    {
        var word = rest.Split(' ', 2)[0];
        var isRange =
            word == "older"
            || (
                word.Contains("..", StringComparison.Ordinal) && word.All(static c => char.IsAsciiDigit(c) || c == '.')
            );
        return isRange && rest.Length > word.Length ? (word, rest[word.Length..].Trim()) : (null, rest);
    }

    private static FunctionTable LoadDefault() =>
        TryParse(DefaultText, null, out var table, out var error)
            ? table
            : throw new InvalidOperationException($"{Resource}: {error}");
}
