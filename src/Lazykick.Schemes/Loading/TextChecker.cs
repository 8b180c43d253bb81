using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;
using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Loading;

/// <summary>Checks steps that write or run a class of text.</summary>
internal sealed class TextChecker(Scheme scheme, OperandChecker operands, DiagnosticCollection diagnostics)
{
    public void Maintain(TextStep step, Scope scope)
    {
        var text = operands.Site(step.Site, scope);
        if (text is null || step.Kind != TextStepKind.Write)
            return;
        if (text.Classes.Count > 0 && (step.TextClass is null || !text.Classes.Contains(step.TextClass)))
        {
            diagnostics.Report(
                "LK0311",
                step.Span,
                $"the write does not say which class of text '{text.Name}' is now",
                $"write {text.Name} as {string.Join(" | ", text.Classes)}"
            );
        }
        else if (text.Classes.Count == 0 && step.TextClass is not null)
        {
            diagnostics.Report(
                "LK0311",
                step.Span,
                $"'{text.Name}' has no classes of text",
                $"declare them: text {text.Name} : ordinary | {step.TextClass}"
            );
        }
    }

    public void Section(SectionStep step)
    {
        var classes = scheme.Texts.Values.SelectMany(t => t.Classes).ToList();
        if (classes.Count > 0 && !classes.Contains(step.TextClass))
        {
            diagnostics.Report(
                "LK0308",
                step.Span,
                $"no text location has a class '{step.TextClass}'",
                Suggestion.For(step.TextClass, classes) ?? $"declare it: text site : ordinary | {step.TextClass}"
            );
        }
    }
}
