using Lazykick.Cli.Checking;
using Lazykick.Cli.Json;
using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Cli.Replaying;

/// <summary>The texts of a saved execution: a scheme is put together from them and from nothing else.</summary>
internal sealed class SavedTexts(IReadOnlyList<ExecutionDocument.NamedText> files) : ISchemeFiles
{
    private const int ShownDifferences = 5;
    private const int ShownColumns = 60;

    public IEnumerable<string> Names => files.Select(f => Path.GetFileNameWithoutExtension(f.Name));

    public SourceText? Find(string name) =>
        files.FirstOrDefault(f => f.Name == name + ".kick") is { } file ? new SourceText(file.Name, file.Text) : null;

    /// <summary>The scheme, or null with the mistakes.</summary>
    public Scheme? Load(DiagnosticCollection diagnostics) =>
        SchemeLoader.Load(new SourceText(files[^1].Name, files[^1].Text), this, diagnostics);

    /// <summary>Where the texts of a scheme differ from these, in words: a line for each file.</summary>
    public IEnumerable<string> Differences(Scheme scheme)
    {
        var now = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in scheme.Files)
            now.TryAdd(SchemeHashes.NameOf(file), file.Text);
        var differences = files
            .Where(
                f => now.TryGetValue(f.Name, out var text) && SchemeHashes.HashOf(text) != SchemeHashes.HashOf(f.Text)
            )
            .Select(f => $"{f.Name}:{Line(f.Text, now[f.Name])}")
            .Concat(files.Where(f => !now.ContainsKey(f.Name)).Select(f => $"{f.Name} is no longer part of it"))
            .Concat(now.Keys.Except(files.Select(f => f.Name)).Select(n => $"{n} is new"))
            .ToList();
        return differences.Count <= ShownDifferences
            ? differences
            : [.. differences.Take(ShownDifferences), $"and {differences.Count - ShownDifferences} more files"];
    }

    private static string Line(string saved, string now)
    {
        var (one, other) = (saved.ReplaceLineEndings("\n").Split('\n'), now.ReplaceLineEndings("\n").Split('\n'));
        var line = 0;
        while (line < one.Length && line < other.Length && one[line] == other[line])
            line++;
        return $"{line + 1}: saved '{Shown(one, line)}', now '{Shown(other, line)}'";
    }

    private static string Shown(string[] lines, int line)
    {
        var text = line < lines.Length ? lines[line].Trim() : "";
        return string.Concat(
            (text.Length > ShownColumns ? text[..ShownColumns] + "..." : text).Where(c => !char.IsControl(c))
        );
    }
}
