using System.Security.Cryptography;
using System.Text;

namespace Lazykick.Checking.Tests.Litmus;

/// <summary>
/// What became of each test that was held against herd7, by the test's text. With LAZYKICK_HERD_COUNTS=FILE it is kept
/// in FILE, a line a test, so that a run which was ended goes on where it was; the counts by family are in
/// FILE.summary, and tests that differ in FILE.differences.
/// </summary>
internal sealed class HerdRecord
{
    internal const string Same = "same";
    internal const string Differs = "differs";

    private readonly string? _file = Environment.GetEnvironmentVariable("LAZYKICK_HERD_COUNTS") is { Length: > 0 } file
        ? file
        : null;

    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _totals = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Family, string Outcome), int> _counts = [];
    private readonly StringBuilder _differences = new();

    internal HerdRecord()
    {
        if (_file is null || !File.Exists(_file))
            return;
        foreach (var line in File.ReadLines(_file))
        {
            // OUTCOME HASH NAME FAMILY,FAMILY; the last line may have been cut off.
            if (line.Split('\t') is [var outcome, var hash, _, var families])
                Count(hash, outcome, families.Split(','));
        }
    }

    internal int CountOf(string outcome) => _totals.GetValueOrDefault(outcome);

    /// <summary>The tests that differ, with the states that only one side has.</summary>
    internal string Differences => _differences.ToString();

    internal bool Knows(string text) => _known.Contains(Hash(text));

    internal void Add(string name, string text, string outcome, string difference = "")
    {
        var (hash, families) = (Hash(text), TestFeatures.Of(text));
        Count(hash, outcome, families);
        _differences.Append(difference);
        if (_file is null)
            return;
        File.AppendAllText(_file, $"{outcome}\t{hash}\t{name}\t{string.Join(',', families)}\n");
        if (difference.Length > 0)
            File.AppendAllText(_file + ".differences", difference);
    }

    /// <summary>The counts, all tests first, then by family.</summary>
    internal string Summary()
    {
        var text = new StringBuilder();
        text.AppendLine($"all: {Counts(_totals.Select(t => (t.Key, t.Value)))}");
        foreach (var family in TestFeatures.All)
        {
            text.AppendLine($"{family}: "
                + $"{Counts(_totals.Keys.Select(o => (o, _counts.GetValueOrDefault((family, o)))))}");
        }

        if (_file is not null)
            File.WriteAllText(_file + ".summary", text.ToString());
        return text.ToString();
    }

    private static string Counts(IEnumerable<(string Outcome, int Count)> counts) =>
        string.Join(", ", counts.Where(c => c.Count > 0).Select(c => $"{c.Count} {c.Outcome}"));

    private static string Hash(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];

    private void Count(string hash, string outcome, IReadOnlyList<string> families)
    {
        if (!_known.Add(hash))
            return;
        _totals[outcome] = CountOf(outcome) + 1;
        foreach (var family in families)
            _counts[(family, outcome)] = _counts.GetValueOrDefault((family, outcome)) + 1;
    }
}
