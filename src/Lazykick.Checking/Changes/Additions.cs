using Lazykick.Checking.Compilation;
using Lazykick.Checking.Memory;
using Lazykick.Schemes.Editing;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;
using Step = Lazykick.Schemes.Syntax.Step;

namespace Lazykick.Checking.Changes;

/// <summary>
/// The parts that may be added to a scheme: barriers and context synchronisation between its steps, stronger orders of
/// its accesses, exceptions masked for longer, interrupts let in while it waits, conditions under which a policy kicks.
/// </summary>
internal sealed class Additions
{
    // Steps by which a mask may begin earlier, or end later.
    private const int MaxDelay = 4;

    private static readonly MemoryOrder[] s_atomic = [MemoryOrder.Acquire, MemoryOrder.Release, MemoryOrder.Full];

    private readonly CompiledScheme _compiled;
    private readonly Scheme _scheme;
    private readonly LiveCode _code;
    private readonly List<Part> _found = [];
    private string _block = "";

    private Additions(CompiledScheme compiled) =>
        (_compiled, _scheme, _code) = (compiled, compiled.Scheme, new LiveCode(compiled));

    /// <summary>All of them in a configuration.</summary>
    public static IReadOnlyList<Part> Of(CompiledScheme compiled)
    {
        var additions = new Additions(compiled);
        foreach (var (block, steps, isPath) in additions._code.Blocks())
        {
            additions._block = block;
            additions.Visit(steps, isPath);
        }

        foreach (var policy in additions._code.Policies)
            additions.Policy(compiled.Scheme.Policies[policy]);
        return additions._found;
    }

    private (PartKind Kind, string Step, int Strength)[] Barriers()
    {
        var isb = _scheme.Arch switch
        {
            "x86_64" => "serialize",
            "riscv64" => "fence_i",
            "loongarch64" => "ibar",
            _ => "isb",
        };
        (PartKind, string, int)[] sync = [(PartKind.Synchronisation, isb, 0)];
        return _compiled.Memory switch
        {
            MemoryModel.Sc => sync,
            MemoryModel.Tso => [(PartKind.Barrier, "smp_mb", 3), .. sync],
            _ =>
            [
                (PartKind.Barrier, "smp_rmb", 1),
                (PartKind.Barrier, "smp_wmb", 2),
                (PartKind.Barrier, "smp_mb", 3),
                (PartKind.Barrier, "dsb", 4),
                .. sync,
            ],
        };
    }

    private void Visit(IReadOnlyList<Step> steps, bool isPath)
    {
        var straight = _code.Straight(steps).ToList();
        for (var i = 0; i < straight.Count; i++)
        {
            var step = straight[i];
            if (i == 0 && !IsDoor(step))
                Gap(null, step);
            if (step is not (BreakStep or AnswerStep) && !(isPath && i == straight.Count - 1 && IsDoor(step)))
                Gap(step, i + 1 < straight.Count ? straight[i + 1] : null);
            Orders(step);
            if (step is WaitStep wait)
                Interruptible(wait);
            if (step is MaskStep { Set: false } unmask)
                Later(unmask, straight.Skip(i + 1).TakeWhile(MayBeMasked));
            if (step is MaskStep { Set: true } mask)
                Earlier(mask, straight.Take(i).Reverse().TakeWhile(MayBeMasked));
            if (step is TogetherStep)
                continue;
            foreach (var block in step.Blocks.Where(b => b.Any(_code.Has)))
                Visit(block, false);
        }
    }

    private static bool MayBeMasked(Step step) => !IsDoor(step) && step is not (BreakStep or AnswerStep);

    private static bool IsDoor(Step step) =>
        step is SyncStep { Kind: not (SyncKind.Isb or SyncKind.Serialize) }
        || (step is TogetherStep together && together.Body.Any(IsDoor));

    private void Gap(Step? previous, Step? next)
    {
        var at = (previous ?? next)!;
        var slot = new object();
        foreach (var (kind, text, strength) in Barriers())
        {
            var added = Fragment.Steps(text);
            var place = previous is null ? "before" : "after";
            _found.Add(
                new Part(
                    kind,
                    $"{text} {place} '{Removals.Head(at)}'",
                    _block,
                    at,
                    at.Span,
                    e => _ = previous is null ? e.Before(at, added) : e.After(at, added)
                )
                {
                    Neighbours = next is null || previous is null ? [at] : [previous, next],
                    // A synchronisation comes after a barrier: before it, it does nothing for what that orders.
                    Rank = (kind == PartKind.Barrier ? slot : null, strength),
                    OnlyRestricts = true,
                }
            );
        }
    }

    private void Orders(Step step)
    {
        if (_compiled.Memory != MemoryModel.Arm)
            return;
        switch (step)
        {
            case WaitStep s when ReadsMemory(step):
                Order(step, s.Order, [MemoryOrder.Acquire], o => s with { Order = o });
                break;
            case WhenStep s when ReadsMemory(step):
                Order(step, s.Order, [MemoryOrder.Acquire], o => s with { Order = o });
                break;
            case AssignStep s when ReadsMemory(step):
                var isLoad = _scheme.Variables[s.Target.Name].Storage == Storage.Private;
                Order(step, s.Order, [isLoad ? MemoryOrder.Acquire : MemoryOrder.Release], o => s with { Order = o });
                break;
            case RmwStep s:
                Order(step, s.Order, s_atomic, o => s with { Order = o });
                break;
            case CasStep s:
                Order(step, s.Order, s_atomic, o => s with { Order = o });
                break;
        }
    }

    private bool ReadsMemory(Step step) =>
        _compiled.Moves.Any(m =>
            ReferenceEquals(m.Instruction.Step, step) && _compiled.AccessOf(m.Instruction).Variable is not null
        );

    private void Order(Step step, MemoryOrder has, IEnumerable<MemoryOrder> more, Func<MemoryOrder, Step> with)
    {
        var slot = new object();
        foreach (var order in more.Where(o => has == MemoryOrder.Relaxed || (o == MemoryOrder.Full && has != o)))
        {
            _found.Add(
                new Part(
                    PartKind.Order,
                    $"{Removals.Word(order)} of '{Removals.Head(step)}'",
                    _block,
                    step,
                    step.Span,
                    e => e.Instead(step, with(order))
                )
                {
                    Neighbours = [step],
                    Rank = (slot, (int)order),
                    OnlyRestricts = true,
                }
            );
        }
    }

    private void Interruptible(WaitStep wait) =>
        _found.Add(
            new Part(
                PartKind.Wait,
                $"interrupts on while 'wait {wait.Condition.Span.Text}'",
                _block,
                wait,
                wait.Span,
                e => e.Before(wait, Fragment.Steps("unmask I")).After(wait, Fragment.Steps("mask I"))
            )
        );

    private void Later(MaskStep unmask, IEnumerable<Step> next)
    {
        foreach (var step in next.Take(MaxDelay))
        {
            _found.Add(
                new Part(
                    PartKind.Mask,
                    $"'{Removals.Head(unmask)}' only after '{Removals.Head(step)}'",
                    _block,
                    step,
                    unmask.Span,
                    e => e.Instead(unmask).After(step, unmask with { Label = null })
                )
            );
        }
    }

    private void Earlier(MaskStep mask, IEnumerable<Step> before)
    {
        foreach (var step in before.Take(MaxDelay))
        {
            _found.Add(
                new Part(
                    PartKind.Mask,
                    $"'{Removals.Head(mask)}' already before '{Removals.Head(step)}'",
                    _block,
                    step,
                    mask.Span,
                    e => e.Instead(mask).Before(step, mask with { Label = null })
                )
            );
        }
    }

    private void Policy(PolicyDeclaration policy)
    {
        Never(policy);
        var old = policy.Ask?.ToList() ?? [.. Fragment.Steps("interrupt")];
        if (policy.Ask is null)
        {
            var skip = Fragment.Steps("skip")[0];
            old.Insert(0, new WhenStep(policy.SkipWhen!, policy.Order, [skip], [], policy.SkipWhen!.Span));
        }

        foreach (var condition in Conditions(policy.Variable))
        {
            var first = Fragment.Steps($"when {condition}:", "    interrupt");
            Add(
                $"interrupt when {condition}",
                policy with
                {
                    SkipWhen = null,
                    Order = MemoryOrder.Relaxed,
                    Ask = [.. first, .. old],
                }
            );
        }

        void Never(PolicyDeclaration p) =>
            Add(
                Part.SkipNobody,
                p with
                {
                    SkipWhen = Fragment.Condition("off"),
                    Order = MemoryOrder.Relaxed,
                    Ask = null,
                }
            );

        void Add(string text, PolicyDeclaration other) =>
            _found.Add(new Part(PartKind.Policy, text, policy.Name, null, policy.Span, e => e.Policy(other)));
    }

    /// <summary>What one read can tell of the CPU that is asked about, or of the text that changes.</summary>
    private IEnumerable<string> Conditions(string cpu)
    {
        foreach (var variable in _scheme.Variables.Values)
        {
            if (variable.Storage is not (Storage.PerCpu or Storage.Shared))
                continue;
            var name = variable.Storage == Storage.PerCpu ? $"{variable.Name}[{cpu}]" : variable.Name;
            foreach (var value in Values(variable.Type))
                yield return $"{name} = {value}";
        }

        foreach (var text in _scheme.Texts.Values)
        {
            foreach (var textClass in text.Classes)
                yield return $"{text.Name} = {textClass}";
        }
    }

    private static IEnumerable<string> Values(VariableType type) =>
        type switch
        {
            RangeType range => Enumerable.Range(range.Low, Math.Min(4, range.High - range.Low + 1)).Select(v => $"{v}"),
            EnumType names => names.Names,
            _ => [],
        };
}
