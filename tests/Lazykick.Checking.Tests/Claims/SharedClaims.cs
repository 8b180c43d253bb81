using Lazykick.Checking.Claims;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Tests.Claims;

/// <summary>The claims of the thread and what was explored for them, once for all tests of the run.</summary>
internal static class SharedClaims
{
    public static Explorations Explorations { get; } = new();

    public static ClaimEvaluator Evaluator { get; } = new(Explorations);

    public static IReadOnlyDictionary<int, Claim> ByNumber { get; } = Load();

    public static ClaimResult Decide(Claim claim) => Evaluator.Decide(claim, TestContext.Current.CancellationToken);

    private static Dictionary<int, Claim> Load()
    {
        var diagnostics = new DiagnosticCollection();
        var claims = ClaimCatalogue.Load(diagnostics);
        return diagnostics.Count == 0
            ? claims.ToDictionary(c => c.Number)
            : throw new InvalidOperationException(string.Concat(diagnostics.Select(d => d.Render())));
    }
}
