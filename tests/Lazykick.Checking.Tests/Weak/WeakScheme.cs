using Lazykick.Checking.Memory;
using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Tests.Weak;

/// <summary>Schemes of a few lines, each around one rule of docs/reference/memory.md.</summary>
internal static class WeakScheme
{
    internal static CheckResult Check(
        string text,
        MemoryModel memory = MemoryModel.Arm,
        int cpus = 2,
        int inFlight = CheckOptions.DefaultInFlight
    )
    {
        var (result, diagnostics) = Run(text, memory, cpus, inFlight);
        Assert.Empty(diagnostics.Select(d => d.Render()));
        return result!;
    }

    internal static bool IsViolated(
        string text,
        string property,
        MemoryModel memory = MemoryModel.Arm,
        int cpus = 2,
        int inFlight = CheckOptions.DefaultInFlight
    ) => Check(text, memory, cpus, inFlight)[property].Verdict == Verdict.Violated;

    /// <summary>The verdicts of a scheme that loads, and what the exploration has to say against the scheme.</summary>
    internal static (CheckResult? Result, DiagnosticCollection Diagnostics) Run(
        string text,
        MemoryModel memory = MemoryModel.Arm,
        int cpus = 2,
        int inFlight = CheckOptions.DefaultInFlight
    )
    {
        var diagnostics = new DiagnosticCollection();
        var scheme = SchemeLoader.Load(new SourceText("test.kick", text), Catalogue.Instance, diagnostics);
        Assert.Empty(diagnostics.Select(d => d.Render()));
        var options = new CheckOptions
        {
            Memory = memory,
            Cpus = cpus,
            InFlight = inFlight,
        };
        var result = SchemeCheck.Run(scheme!, options, diagnostics, TestContext.Current.CancellationToken);
        return (result, diagnostics);
    }
}
