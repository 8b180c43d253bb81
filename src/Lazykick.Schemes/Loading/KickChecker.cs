using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;
using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Loading;

/// <summary>Checks the steps of a kick: whom it selects, what it sends, what its return vouches for.</summary>
internal sealed class KickChecker(Scheme scheme, OperandChecker operands, DiagnosticCollection diagnostics)
{
    public void Select(SelectStep step, Scope scope)
    {
        operands.Value(step.Cpu, ValueKind.Cpu, scope);
        if (!scheme.Policies.ContainsKey(step.Policy))
        {
            diagnostics.Report(
                "LK0312",
                step.Span,
                $"there is no policy '{step.Policy}'",
                Suggestion.For(step.Policy, scheme.Policies.Keys) ?? $"declare it: policy {step.Policy} serves KICK"
            );
        }

        operands.Result(step.Mask, ValueKind.Set, scope);
    }

    public void Send(SendStep step, Scope scope)
    {
        if (!scheme.Messages.Contains(step.Message))
        {
            diagnostics.Report(
                "LK0306",
                step.Span,
                $"there is no message '{step.Message}'",
                Suggestion.For(step.Message, scheme.Messages) ?? $"declare it: message {step.Message}"
            );
        }

        operands.Value(step.Cpu, ValueKind.Cpu, scope);
    }

    public void Kick(KickStep step, Scope scope)
    {
        if (!scheme.Kicks.ContainsKey(step.Name))
        {
            diagnostics.Report(
                "LK0313",
                step.Span,
                $"there is no kick '{step.Name}'",
                Suggestion.For(step.Name, scheme.Kicks.Keys) ?? $"declare it: kick {step.Name}"
            );
        }

        foreach (var name in step.Returns)
            Returned(name, scope);
    }

    /// <summary>What a kick's return can vouch for: text, data, messages, translations.</summary>
    private void Returned(NameExpression name, Scope scope)
    {
        if (scheme.Texts.ContainsKey(name.Name))
        {
            operands.Site(name, scope);
        }
        else if (scheme.Variables.ContainsKey(name.Name))
        {
            operands.Memory(name, scope, "a kick returns for");
        }
        else if (!scheme.Mappings.ContainsKey(name.Name) && !scheme.Messages.Contains(name.Name))
        {
            diagnostics.Report(
                "LK0321",
                name.Span,
                $"there is no text location, variable, message or mapping '{name.Name}' that a kick could return for",
                Suggestion.For(
                    name.Name,
                    [.. scheme.Texts.Keys, .. scheme.Variables.Keys, .. scheme.Messages, .. scheme.Mappings.Keys]
                )
            );
        }
    }
}
