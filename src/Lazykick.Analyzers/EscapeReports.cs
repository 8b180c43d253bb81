using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Lazykick.Analyzers;

/// <summary>What has been reported of one function: the same mistake is reported once.</summary>
internal sealed class EscapeReports(OperationBlockAnalysisContext context)
{
    private readonly List<TextSpan> _spans = [];

    /// <summary>The function.</summary>
    public OperationBlockAnalysisContext Context { get; } = context;

    /// <summary>Locals that were reported where they got their value.</summary>
    public HashSet<ISymbol> Locals { get; } = new(SymbolEqualityComparer.Default);

    /// <summary>Whether a mistake has been reported, in the same place or where the local got its value.</summary>
    public bool Covers(IOperation value) =>
        (ProtectedUses.LocalOf(value) is { } local && Locals.Contains(local))
        || _spans.Any(span => span.OverlapsWith(value.Syntax.Span));

    public void Report(IOperation value, string how)
    {
        _spans.Add(value.Syntax.Span);
        Context.ReportDiagnostic(
            Diagnostic.Create(Rules.Escapes, value.Syntax.GetLocation(), value.Syntax.ToString(), how)
        );
    }
}
