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
        Declared("LK0312", step.Span, "policy", step.Policy, scheme.Policies.Keys, " serves KICK");
        operands.Result(step.Mask, ValueKind.Set, scope);
    }

    public void Send(SendStep step, Scope scope)
    {
        Declared("LK0306", step.Span, "message", step.Message, scheme.Messages);
        operands.Value(step.Cpu, ValueKind.Cpu, scope);
    }

    /// <summary>A step that switches a message or device interrupts on or off.</summary>
    public void Switch(SwitchStep step)
    {
        if (step.Interrupt == SwitchStep.Device || scheme.Messages.Contains(step.Interrupt))
            return;
        diagnostics.Report(
            "LK0330",
            step.Span,
            $"there is no message '{step.Interrupt}' to switch {(step.Enables ? "on" : "off")}",
            Suggestion.For(step.Interrupt, [.. scheme.Messages, SwitchStep.Device])
                ?? $"declare it: message {step.Interrupt}; or write {SwitchStep.Device} for interrupts of devices"
        );
    }

    public void Kick(KickStep step, Scope scope)
    {
        Declared("LK0313", step.Span, "kick", step.Name, scheme.Kicks.Keys);
        foreach (var name in step.Returns)
            Returned(name, scope);
    }

    /// <summary>Reports a name that nothing declares.</summary>
    private void Declared(
        string code,
        SourceSpan span,
        string kind,
        string name,
        IEnumerable<string> names,
        string rest = ""
    )
    {
        if (names.Contains(name))
            return;
        var cure = Suggestion.For(name, names) ?? $"declare it: {kind} {name}{rest}";
        diagnostics.Report(code, span, $"there is no {kind} '{name}'", cure);
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
