using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Claims;

/// <summary>
/// The claims of the thread, and what the tool says beyond them: the files <c>schemes/claims/*.claim</c>, embedded.
/// </summary>
public static class ClaimCatalogue
{
    private const string Folder = "claims/";
    private const string Extension = ".claim";

    /// <summary>Reads all claims by number, then the further results by number.</summary>
    /// <param name="diagnostics">Gets every mistake in them.</param>
    public static IReadOnlyList<Claim> Load(DiagnosticCollection diagnostics)
    {
        ArgumentNullException.ThrowIfNull(diagnostics);
        var claims = Catalogue
            .Instance.FilesWith(Extension)
            .Where(n => n.StartsWith(Folder, StringComparison.Ordinal))
            .Select(n => ClaimParser.Parse(Catalogue.Instance.Read(n + Extension)!, ClaimSchemes.Instance, diagnostics))
            .OfType<Claim>()
            .OrderBy(c => c.IsFurther)
            .ThenBy(c => c.Number)
            .ToList();
        foreach (var (first, second) in claims.Zip(claims.Skip(1)).Where(p => p.First.Id == p.Second.Id))
        {
            diagnostics.Report(
                "LK0622",
                second.Span,
                $"claim {second.Id} is also in {first.Span.Source.Path}",
                "each claim has a number of its own"
            );
        }

        return claims;
    }
}

/// <summary>Schemes for claims: those of <c>schemes/claims/</c>, then those of the catalogue.</summary>
internal sealed class ClaimSchemes : ISchemeFiles
{
    private const string Extension = ".kick";

    public static ClaimSchemes Instance { get; } = new();

    public IEnumerable<string> Names =>
        Catalogue.Instance.FilesWith(Extension).Select(n => n[(n.LastIndexOf('/') + 1)..]);

    public SourceText? Find(string name) =>
        Catalogue.Instance.Read($"claims/{name}{Extension}") ?? Catalogue.Instance.Find(name);
}
