using Lazykick.Checking.Claims;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Tests.Claims;

/// <summary>The claims of the thread and what was explored for them, once for all tests of the run.</summary>
internal static class SharedClaims
{
    public static Explorations Explorations { get; } = new();

    public static ClaimEvaluator Evaluator { get; } = new(Explorations);

    /// <summary>The claims of the thread, then the further results.</summary>
    public static IReadOnlyList<Claim> All { get; } = Load();

    /// <summary>The claims of the thread.</summary>
    public static IReadOnlyDictionary<int, Claim> ByNumber { get; } =
        All.Where(c => !c.IsFurther).ToDictionary(c => c.Number);

    /// <summary>All of them, by what they are called: 30, E5.</summary>
    public static IReadOnlyDictionary<string, Claim> ById { get; } = All.ToDictionary(c => c.Id);

    public static ClaimResult Decide(Claim claim) => Evaluator.Decide(claim, TestContext.Current.CancellationToken);

    private static IReadOnlyList<Claim> Load()
    {
        var diagnostics = new DiagnosticCollection();
        var claims = ClaimCatalogue.Load(diagnostics);
        return diagnostics.Count == 0
            ? claims
            : throw new InvalidOperationException(string.Concat(diagnostics.Select(d => d.Render())));
    }
}
