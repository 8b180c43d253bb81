using Lazykick.Checking.Compilation;
using Lazykick.Checking.Memory;
using Lazykick.Schemes.Syntax;
using Step = Lazykick.Schemes.Syntax.Step;

namespace Lazykick.Checking.Changes;

/// <summary>
/// The parts of a scheme that may be taken away: barriers, context synchronisation, orders of accesses, masks, waits,
/// maintenance, conditions of policies.
/// </summary>
internal sealed class Removals
{
    private readonly CompiledScheme _compiled;
    private readonly LiveCode _code;
    private readonly List<Part> _found = [];
    private string _block = "";

    private Removals(CompiledScheme compiled) => (_compiled, _code) = (compiled, new LiveCode(compiled));

    /// <summary>All of them in a configuration, in the order of its blocks.</summary>
    public static IReadOnlyList<Part> Of(CompiledScheme compiled)
    {
        var removals = new Removals(compiled);
        foreach (var (block, steps, _) in removals._code.Blocks())
        {
            removals._block = block;
            removals.Visit(steps, false);
        }

        foreach (var policy in removals._code.Policies)
            removals.Policy(compiled.Scheme.Policies[policy]);
        return removals._found;
    }

    /// <summary>Under sc every access takes effect at once: barriers and orders have no effect to take away.</summary>
    private bool HasOrders => _compiled.Memory != MemoryModel.Sc;

    private void Visit(IReadOnlyList<Step> steps, bool isTogether)
    {
        foreach (var step in steps.Where(s => isTogether || _code.Has(s)))
        {
            Simple(step, isTogether && steps.Count == 1);
            foreach (var block in step.Blocks)
                Visit(block, step is TogetherStep);
        }
    }

    private void Simple(Step step, bool isAlone)
    {
        switch (step)
        {
            case FenceStep when HasOrders:
                Remove(PartKind.Barrier, step);
                break;
            case SyncStep { Kind: SyncKind.Isb or SyncKind.Serialize } when !isAlone:
                Remove(PartKind.Synchronisation, step);
                break;
            case MaskStep { Set: true } when !isAlone:
                Remove(PartKind.Mask, step);
                break;
            case TextStep { Kind: not TextStepKind.Write }:
            case MappingStep { Kind: MappingStepKind.Broadcast or MappingStepKind.Flush }:
                Remove(PartKind.Maintenance, step);
                break;
            case WaitStep wait:
                Remove(PartKind.Wait, step);
                Weaken(wait.Order, step, o => wait with { Order = o });
                break;
            case WhenStep test:
                Weaken(test.Order, step, o => test with { Order = o });
                break;
            case AssignStep assign:
                Weaken(assign.Order, step, o => assign with { Order = o });
                break;
            case RmwStep rmw:
                Weaken(rmw.Order, step, o => rmw with { Order = o });
                break;
            case CasStep cas:
                Weaken(cas.Order, step, o => cas with { Order = o });
                break;
        }
    }

    private void Remove(PartKind kind, Step step) =>
        _found.Add(new Part(kind, step.Span.Text, _block, step, step.Span, edits => edits.Instead(step)));

    /// <summary>The order as a whole; of a full one, should that be needed, each half.</summary>
    private void Weaken(MemoryOrder order, Step step, Func<MemoryOrder, Step> with)
    {
        if (!HasOrders || order == MemoryOrder.Relaxed)
            return;
        MemoryOrder[] halves = order == MemoryOrder.Full ? [MemoryOrder.Acquire, MemoryOrder.Release] : [];
        _found.Add(Less(MemoryOrder.Relaxed, [.. halves.Select(h => Less(h, []))]));

        Part Less(MemoryOrder less, IReadOnlyList<Part> weaker) =>
            new(PartKind.Order, Text(less), _block, step, step.Span, Edit(less)) { Weaker = weaker };

        string Text(MemoryOrder less) =>
            $"{Word(order)}{(less == MemoryOrder.Relaxed ? "" : $", more than {Word(less)},")} of {Head(step)}";

        Action<Schemes.Editing.SchemeEdits> Edit(MemoryOrder less) => edits => edits.Instead(step, with(less));
    }

    internal static string Word(MemoryOrder order) =>
        order switch
        {
            MemoryOrder.Full => "full",
            MemoryOrder.Acquire => "acquire",
            MemoryOrder.Release => "release",
            _ => "relaxed",
        };

    /// <summary>The step without the steps in it.</summary>
    internal static string Head(Step step) => step.Span.Text.Split('\n')[0].Trim();

    private void Policy(PolicyDeclaration policy)
    {
        _block = policy.Name;
        if (policy.Ask is not null)
        {
            foreach (var step in Within(policy.Ask).OfType<WhenStep>())
            {
                if (Within(step.Then).Any(s => s is AnswerStep { Skips: false }) && _code.Has(step))
                {
                    var text = $"interrupt when {step.Condition.Span.Text}";
                    _found.Add(
                        new Part(PartKind.Policy, text, _block, step, step.Span, e => e.Instead(step, step.Else))
                    );
                }
            }

            return;
        }

        if (HasOrders && policy.Order != MemoryOrder.Relaxed)
        {
            Change(
                $"{Word(policy.Order)} of skip when {policy.SkipWhen!.Span.Text}",
                PartKind.Order,
                policy with
                {
                    Order = MemoryOrder.Relaxed,
                }
            );
        }

        foreach (var (kept, gone) in Conditions(policy.SkipWhen!))
        {
            var text = $"{gone.Span.Text} in skip when {policy.SkipWhen!.Span.Text}";
            Change(text, PartKind.Policy, policy with { SkipWhen = kept });
        }

        void Change(string text, PartKind kind, PolicyDeclaration other) =>
            _found.Add(new Part(kind, text, policy.Name, null, policy.Span, e => e.Policy(other)));
    }

    /// <summary>A condition without each of the operands of its <c>and</c> and <c>or</c>.</summary>
    private static IEnumerable<(Expression Kept, Expression Gone)> Conditions(Expression condition)
    {
        if (condition is not BinaryExpression { Operator: BinaryOperator.And or BinaryOperator.Or } both)
            yield break;
        yield return (both.Right, both.Left);
        yield return (both.Left, both.Right);
        foreach (var (kept, gone) in Conditions(both.Left))
            yield return (both with { Left = kept }, gone);
        foreach (var (kept, gone) in Conditions(both.Right))
            yield return (both with { Right = kept }, gone);
    }

    private static IEnumerable<Step> Within(IReadOnlyList<Step> steps) =>
        steps.SelectMany(s => s.Blocks.SelectMany(Within).Prepend(s));
}
