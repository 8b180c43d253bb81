using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;
using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Linting;

/// <summary>Who includes a base, and what else they include.</summary>
internal static class Includers
{
    /// <summary>Of the files those that include the base, and all that these include, but for the base's own.</summary>
    /// <param name="scheme">The base.</param>
    /// <param name="files">All files.</param>
    public static IEnumerable<SourceText> Of(Scheme scheme, IEnumerable<SourceText> files)
    {
        var parsed = files
            .DistinctBy(f => NameOf(f.Path))
            .Where(f => f.Text.Length <= SourceText.MaxLength)
            .ToDictionary(f => NameOf(f.Path), f => (File: f, Includes: IncludesOf(f)), StringComparer.Ordinal);
        var own = scheme.Files.Select(f => NameOf(f.Path)).ToHashSet(StringComparer.Ordinal);
        var found = new HashSet<string>(StringComparer.Ordinal);
        bool more;
        do
        {
            more = false;
            foreach (var (name, (_, includes)) in parsed)
            {
                if (includes.Any(i => i == scheme.Name || found.Contains(i)))
                    more |= found.Add(name);
            }
        } while (more);

        var open = new Queue<string>(found);
        while (open.TryDequeue(out var name))
        {
            foreach (var included in parsed.TryGetValue(name, out var file) ? file.Includes : [])
            {
                if (found.Add(included))
                    open.Enqueue(included);
            }
        }

        return found.Where(n => !own.Contains(n) && parsed.ContainsKey(n)).Select(n => parsed[n].File);
    }

    private static List<string> IncludesOf(SourceText file) =>
        [
            .. Parser
                .Parse(file, new DiagnosticCollection())
                .Declarations.OfType<IncludeDeclaration>()
                .Select(i => i.Name),
        ];

    private static string NameOf(string path) => Path.GetFileNameWithoutExtension(path);
}
