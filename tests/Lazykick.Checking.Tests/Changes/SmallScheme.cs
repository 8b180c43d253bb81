using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Tests.Changes;

/// <summary>A kick that waits for CPUs to leave the kernel: small enough to try every set of additions.</summary>
internal static class SmallScheme
{
    private const string Text = """
        scheme small "waits until no CPU is in the kernel"
        arch arm64
        percpu inside : bit = 0
        text site
        state eqs = inside = 0
        place task
        role kicker
            starts task
            takes poke
        role target
            starts user
            takes el0_svc
        cpus kicker target
        promises S1

        path el0_svc from user
            exception
            rmw inside := 1 ORDER
            ISB
            body
            rmw inside := 0 full
            eret

        path poke from task
            write site
            dc site; dsb; ic site; dsb; isb
            kick settle returns site

        kick settle
            for t in others: wait inside[t] = 0 acquire
            smp_mb
        """;

    /// <summary>The scheme.</summary>
    /// <param name="synchronise">The step after the atomic at the entry: <c>isb</c>, or code without effect.</param>
    /// <param name="order">The order of that atomic.</param>
    public static Scheme Load(string synchronise, string order = "full")
    {
        var text = Text.Replace("ISB", synchronise, StringComparison.Ordinal)
            .Replace("ORDER", order, StringComparison.Ordinal);
        var diagnostics = new DiagnosticCollection();
        var scheme = SchemeLoader.Load(new SourceText("small.kick", text), Catalogue.Instance, diagnostics);
        return scheme ?? throw new InvalidOperationException(string.Concat(diagnostics.Select(d => d.Render())));
    }
}
