using System.Globalization;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Cli.Checking;

/// <summary>Holds a check against the <c>.expected</c> file beside the scheme: what its author expects.</summary>
internal static class ExpectedCheck
{
    /// <summary>
    /// The entries of the file beside a scheme; none if there is no file. Mistakes go to the collection.
    /// </summary>
    public static IReadOnlyList<Expectation> Beside(Scheme scheme, DiagnosticCollection diagnostics)
    {
        var path = Path.ChangeExtension(scheme.Header.Span.Source.Path, ".expected");
        var source =
            Catalogue.Instance.Find(scheme.Name) is { } known && known.Path == scheme.Header.Span.Source.Path
                ? Catalogue.Instance.Read(scheme.Name + ".expected")
                : Read(path);
        return source is null ? [] : ExpectationFile.Parse(source, diagnostics);
    }

    /// <summary>The entry for a configuration, or null.</summary>
    public static Expectation? Find(IReadOnlyList<Expectation> entries, CheckResult result) =>
        entries.FirstOrDefault(e =>
            e.Cpus == result.Cpus
            && string.Equals(e.Memory, result.Memory.ToString(), StringComparison.OrdinalIgnoreCase)
            && result.Scheme.Knobs.Values.All(k =>
                result.Knobs[k.Name] == e.Knobs.GetValueOrDefault(k.Name, k.Values[k.Default])
            )
        );

    /// <summary>
    /// Every difference, one a line. Where states were left out, their number says nothing, nor does the length for S8.
    /// </summary>
    public static IEnumerable<string> Differences(Expectation expected, CheckResult result)
    {
        var isExact = result.Reductions.Count == 0;
        foreach (var (property, length) in expected.Lengths)
        {
            var verdict = result.Verdicts.FirstOrDefault(v => v.Property == property);
            var found = verdict is null ? "not stated" : Words(verdict);
            var wanted = length == 0 ? "holds" : string.Create(CultureInfo.InvariantCulture, $"violated {length}");
            var isLonger = !isExact && property == "S8" && length > 0 && verdict?.Length > length;
            if (found != wanted && !isLonger)
                yield return $"{property}: expected '{wanted}', found '{found}'";
        }

        foreach (var verdict in result.Verdicts.Where(v => v.Verdict != Verdict.NotChecked))
        {
            if (!expected.Lengths.ContainsKey(verdict.Property))
                yield return $"{verdict.Property}: not expected, found '{Words(verdict)}'";
        }

        if (
            isExact
            && result.End == SearchEnd.Exhausted
            && expected.States > 0
            && expected.States != result.States
        )
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"states: expected {expected.States}, found {result.States}"
            );
        }
    }

    private static string Words(PropertyVerdict verdict) =>
        verdict.Verdict switch
        {
            Verdict.Holds => "holds",
            Verdict.Violated => string.Create(CultureInfo.InvariantCulture, $"violated {verdict.Length}"),
            Verdict.NotChecked => "not checked",
            _ => "undecided",
        };

    private static SourceText? Read(string path)
    {
        try
        {
            return File.Exists(path) ? new SourceText(path, File.ReadAllText(path)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // as if it were not there: nothing is expected
        }
    }
}
