using Lazykick.Checking.Compilation;
using Lazykick.Checking.Machines;
using Lazykick.Schemes.Editing;
using Lazykick.Schemes.Syntax;
using Step = Lazykick.Schemes.Syntax.Step;

namespace Lazykick.Checking.Changes;

/// <summary>Steps of one block that follow each other, and around which interrupts may be masked.</summary>
/// <param name="Block">The block.</param>
/// <param name="Steps">The steps, in order.</param>
internal sealed record MaskRun(string Block, IReadOnlyList<Step> Steps)
{
    /// <summary>Interrupts masked around so many of the steps, and no longer.</summary>
    public Part Around(int first, int count)
    {
        var (from, to) = (Steps[first], Steps[first + count - 1]);
        var text =
            count == 1
                ? $"mask I around '{Removals.Head(from)}'"
                : $"mask I from before '{Removals.Head(from)}' until after '{Removals.Head(to)}'";
        return new Part(
            PartKind.Mask,
            text,
            Block,
            from,
            from.Span,
            e => e.Before(from, Fragment.Steps("mask I")).After(to, Fragment.Steps("unmask I"))
        );
    }

    /// <summary>Masks that there are around steps of the run.</summary>
    public int Count => Steps.Count * (Steps.Count + 1) / 2;

    /// <summary>
    /// The longest runs of a configuration. Interrupts are clear wherever a CPU comes to one of their steps, as the
    /// space shows, so that it is right to clear them after it; and nothing in a run waits for somebody else, which
    /// might need the interrupt.
    /// </summary>
    /// <param name="compiled">The configuration.</param>
    /// <param name="space">Its whole space.</param>
    public static IReadOnlyList<MaskRun> Of(CompiledScheme compiled, Space space)
    {
        var code = new LiveCode(compiled);
        var steps = new Interruptible(compiled, space);
        var runs = new List<MaskRun>();
        foreach (var (block, body, _) in code.Blocks().Where(b => !code.Policies.Contains(b.Block)))
            Add(block, body);
        return runs;

        void Add(string block, IReadOnlyList<Step> body)
        {
            var run = new List<Step>();
            foreach (var step in code.Straight(body).Append(null))
            {
                if (step is not null && steps.MayBeMasked(step))
                {
                    run.Add(step);
                    continue;
                }

                if (run.Count > 0)
                    runs.Add(new MaskRun(block, run));
                run = [];
                foreach (var inner in step?.Blocks.Where(b => step is not TogetherStep && b.Any(code.Has)) ?? [])
                    Add(block, inner);
            }
        }
    }

    /// <summary>Which steps an interrupt may come before, wherever they run.</summary>
    private sealed class Interruptible
    {
        private readonly CompiledScheme _compiled;
        private readonly ILookup<Step, PositionFacts> _positions;
        private readonly HashSet<(int Cpu, int Level)> _entered;

        public Interruptible(CompiledScheme compiled, Space space)
        {
            _compiled = compiled;
            _positions = space
                .Positions.Where(p => p.Visited && p.Instruction.Step is not null)
                .ToLookup(p => p.Instruction.Step!, (IEqualityComparer<Step>)ReferenceEqualityComparer.Instance);
            var never = space.NeverMade.ToHashSet();
            _entered =
            [
                .. compiled
                    .Moves.Where(m => m.Enters is { } path && IsOfInterrupt(path) && !never.Contains(m))
                    .Select(m => (m.Instruction.Cpu, m.Instruction.Level)),
            ];
        }

        public bool MayBeMasked(Step step) => IsClosed(step) && Within(step).Any(IsTaken) && Within(step).All(IsOpen);

        // Nothing else changes the masks or leaves the run, and nothing waits.
        private bool IsClosed(Step step) =>
            step is not (MaskStep or InheritMasksStep or BreakStep or AnswerStep or WaitStep or RestStep or RepeatStep
                    or LockStep or IrqSaveStep or UnlockStep or KickStep)
                and not SyncStep { Kind: not (SyncKind.Isb or SyncKind.Serialize) }
            && Inner(step).All(IsClosed);

        private bool IsTaken(Step step) => _positions[step].Any();

        private bool IsOpen(Step step) =>
            _positions[step]
                .All(p =>
                    p.AlwaysUnmasked
                    && p.Instruction.CanBeInterrupted
                    && _entered.Contains((p.Instruction.Cpu, p.Instruction.Level + 1))
                );

        private IEnumerable<Step> Within(Step step) => Inner(step).SelectMany(Within).Prepend(step);

        private IEnumerable<Step> Inner(Step step) =>
            step is CallStep { Opaque: false } call
                ? _compiled.Scheme.Routines[call.Name].Body
                : step.Blocks.SelectMany(b => b);

        private bool IsOfInterrupt(string path) => _compiled.Scheme.Paths[path].Trigger == Trigger.Irq;
    }
}
