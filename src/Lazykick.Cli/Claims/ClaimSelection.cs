using System.Globalization;
using Lazykick.Checking.Claims;
using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Text;

namespace Lazykick.Cli.Claims;

/// <summary>Finds the claims that arguments name: numbers, ranges of numbers, further results, or files.</summary>
internal static class ClaimSelection
{
    /// <summary>Reads them, or says on standard error what is wrong and gives null.</summary>
    public static IReadOnlyList<Claim>? Load(IReadOnlyList<string> arguments, TextWriter errors)
    {
        var diagnostics = new DiagnosticCollection();
        var known = ClaimCatalogue.Load(diagnostics);
        var chosen = new List<Claim>();
        var isWrong = false;
        foreach (var argument in arguments)
        {
            if (argument.EndsWith(".claim", StringComparison.Ordinal))
                isWrong |= !AddFile(argument, chosen, diagnostics, errors);
            else
                isWrong |= !AddNumbers(argument, known, chosen, errors);
        }

        foreach (var diagnostic in diagnostics)
            errors.Write(diagnostic.Render());
        if (isWrong || diagnostics.Count > 0)
            return null;
        return arguments.Count == 0 ? known : [.. chosen.Distinct()];
    }

    private static bool AddNumbers(string argument, IReadOnlyList<Claim> known, List<Claim> chosen, TextWriter errors)
    {
        var isFurther = argument.StartsWith('E');
        var ends = (isFurther ? argument[1..].Replace("-E", "-", StringComparison.Ordinal) : argument).Split('-', 2);
        if (
            !int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            || !int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
        )
        {
            errors.WriteLine(
                $"lazykick: '{argument}' is no claim: write a number, a range such as 10-16, a further result such as "
                    + "E5, or a file that ends in .claim"
            );
            return false;
        }

        var all = known.Where(c => c.IsFurther == isFurther).ToList();
        var found = all.Where(c => c.Number >= first && c.Number <= last).ToList();
        chosen.AddRange(found);
        if (found.Count > 0)
            return true;
        errors.WriteLine(
            isFurther
                ? $"lazykick: there is no further result {argument}; there are "
                    + $"{string.Join(", ", all.Select(c => c.Id))}"
                : $"lazykick: there is no claim {argument}; claims go from {all.Min(c => c.Number)} to "
                    + $"{all.Max(c => c.Number)}"
        );
        return false;
    }

    private static bool AddFile(string path, List<Claim> chosen, DiagnosticCollection diagnostics, TextWriter errors)
    {
        try
        {
            var files = new DirectoryFiles(Path.GetDirectoryName(Path.GetFullPath(path))!);
            if (ClaimParser.Parse(new SourceText(path, File.ReadAllText(path)), files, diagnostics) is { } claim)
                chosen.Add(claim);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            errors.WriteLine($"lazykick: {path}: {e.Message}");
            return false;
        }
    }
}
