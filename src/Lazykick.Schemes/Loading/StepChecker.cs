using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;
using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Loading;

/// <summary>Checks the steps of one block: where each may stand, and what it names.</summary>
internal sealed class StepChecker
{
    private readonly Scheme _scheme;
    private readonly DiagnosticCollection _diagnostics;
    private readonly OperandChecker _operands;
    private readonly AccessChecker _accesses;
    private readonly TextChecker _texts;
    private readonly KickChecker _kicks;
    private readonly TogetherChecker _together;
    private readonly HashSet<string> _labels = new(StringComparer.Ordinal);

    public StepChecker(Scheme scheme, DiagnosticCollection diagnostics)
    {
        _scheme = scheme;
        _diagnostics = diagnostics;
        _operands = new OperandChecker(scheme, diagnostics);
        _accesses = new AccessChecker(_operands, diagnostics);
        _texts = new TextChecker(scheme, _operands, diagnostics);
        _kicks = new KickChecker(scheme, _operands, diagnostics);
        _together = new TogetherChecker(scheme, diagnostics);
    }

    public void Check(
        IReadOnlyList<Step> steps,
        Scope scope,
        bool inRepeat = false,
        bool inAsk = false,
        bool inTogether = false
    )
    {
        foreach (var step in steps)
        {
            if (_diagnostics.IsFull)
                return;
            if (step.Label is not null && !_labels.Add(step.Label))
            {
                Report(
                    "LK0300",
                    step,
                    $"a second label '@{step.Label}' in this block",
                    "a label stands once in a block"
                );
            }

            if (!inTogether || _together.Part(step, scope))
                CheckStep(step, scope, inRepeat, inAsk, inTogether);
        }
    }

    private void CheckStep(Step step, Scope scope, bool inRepeat, bool inAsk, bool inTogether)
    {
        switch (step)
        {
            case AssignStep s:
                _accesses.Assign(s, scope);
                break;
            case RmwStep s:
                _accesses.Rmw(s, scope);
                break;
            case CasStep s:
                _accesses.Cas(s, scope);
                break;
            case LockStep s:
                _accesses.Lock(s.Lock, scope);
                break;
            case UnlockStep s:
                _accesses.Lock(s.Lock, scope);
                break;
            case TakeStep s:
                _accesses.Take(s, scope);
                break;
            case SwitchStep s:
                _kicks.Switch(s);
                break;
            case SequenceStep s:
                Check(s.Steps, scope, inRepeat && s.Call is null, inAsk && s.Call is null);
                break;
            case TextStep s:
                _texts.Maintain(s, scope);
                break;
            case MappingStep s:
                Mapping(s);
                break;
            case CallStep { Opaque: false } s:
                Call(s);
                break;
            case WhenStep s:
                _operands.Condition(s.Condition, scope);
                Check(s.Then, scope, inRepeat, inAsk, inTogether);
                Check(s.Else, scope, inRepeat, inAsk, inTogether);
                break;
            case EitherStep s:
                foreach (var branch in s.Branches)
                    Check(branch, scope, inRepeat, inAsk);
                break;
            case RepeatStep s:
                Check(s.Body, scope, true, inAsk);
                if (s.Body.Count == 0)
                    Report("LK0303", s, "a loop without steps", "a loop that waits is written 'wait condition'");
                break;
            case BreakStep when !inRepeat:
                Report(
                    "LK0304",
                    step,
                    "'break' outside of 'repeat'",
                    "it leaves the innermost repeat of its block, and no loop in any order"
                );
                break;
            case ForStep s:
                _operands.Value(s.Set, ValueKind.Set, scope);
                _operands.Reads(s.Set, scope, 0);
                // Which CPUs had their turn belongs to the loop: it ends when all had it, not before.
                Check(s.Body, scope.With(s.Variable), inRepeat && !s.AnyOrder, inAsk && !s.AnyOrder);
                break;
            case WaitStep s:
                _operands.Condition(s.Condition, scope);
                break;
            case DiscoverStep s:
                _operands.Interrupt(s);
                break;
            case SendStep s:
                _kicks.Send(s, scope);
                break;
            case SelectStep s:
                _kicks.Select(s, scope);
                break;
            case KickStep s:
                _kicks.Kick(s, scope);
                break;
            case AssertStep s:
                _operands.Observation(s.Condition, scope);
                break;
            case AnswerStep when !inAsk:
                Report(
                    "LK0307",
                    step,
                    "an answer outside of a policy's 'ask'",
                    "skip and interrupt end an 'ask' block, but not from a loop in any order"
                );
                break;
            case SectionStep s:
                _texts.Section(s);
                Check(s.Body, scope, inRepeat, inAsk);
                break;
            case TogetherStep s:
                Check(s.Body, scope, inRepeat, inAsk, true);
                _together.Body(s, scope);
                break;
        }
    }

    private void Mapping(MappingStep step)
    {
        if (_scheme.Mappings.ContainsKey(step.Mapping.Name))
            return;
        _diagnostics.Report(
            "LK0320",
            step.Mapping.Span,
            $"there is no mapping '{step.Mapping.Name}'",
            Suggestion.For(step.Mapping.Name, _scheme.Mappings.Keys) ?? $"declare it: mapping {step.Mapping.Name}"
        );
    }

    private void Call(CallStep step)
    {
        if (_scheme.Routines.ContainsKey(step.Name))
            return;
        Report(
            "LK0302",
            step,
            $"there is no routine '{step.Name}'",
            (_scheme.Kicks.ContainsKey(step.Name) ? $"it is a kick: kick {step.Name}" : null)
                ?? (_scheme.Paths.ContainsKey(step.Name) ? "it is a path: a role takes it, and nobody calls it" : null)
                ?? Suggestion.For(step.Name, _scheme.Routines.Keys)
                ?? $"code that the scheme does not spell out is written in quotes: call \"{step.Name}\""
        );
    }

    private void Report(string code, Step step, string message, string? hint) =>
        _diagnostics.Report(code, step.Span, message, hint);
}
