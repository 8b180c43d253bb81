using Lazykick.Checking.Compilation;
using Lazykick.Checking.Moves;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Cutoff;

/// <summary>
/// (3) What the kicker does for a target stays with the target; (4) what it does for nobody does not look back.
/// </summary>
internal sealed class KickerSteps
{
    private readonly CompiledScheme _scheme;
    private readonly FieldOwners _owners;
    private readonly List<MoveUses> _moves;
    private readonly HashSet<Field> _writtenByTargets;

    // Private variables that steps for a target assign: each has to do so before it reads them.
    private readonly HashSet<Field> _scratch;

    // Private sets to which steps for a target add it, or take it away.
    private readonly HashSet<Field> _sets;

    public KickerSteps(CompiledScheme scheme, FieldOwners owners, List<MoveUses> moves, HashSet<Field> writtenByTargets)
    {
        (_scheme, _owners, _moves, _writtenByTargets) = (scheme, owners, moves, writtenByTargets);
        var written = moves
            .Where(m => IsFor(m.Step))
            .SelectMany(m => m.Writes)
            .Where(w => owners.Privates.Contains(w.Field))
            .ToList();
        _sets = [.. written.Where(w => w.Members != -1).Select(w => w.Field)];
        _scratch = [.. written.Where(w => w.Members == -1).Select(w => w.Field)];
    }

    public string? Reason()
    {
        foreach (var field in _sets.Where(_scratch.Contains))
            return $"{field} is both a set of targets and what one target's turn leaves in it";
        foreach (var move in _moves)
        {
            var reason = IsFor(move.Step) ? For(move) : Common(move);
            reason ??= move.Move.Tests.Select(d => Asked(move, d)).FirstOrDefault(r => r is not null);
            if (reason is not null)
                return reason;
        }

        return null;
    }

    private static bool IsFor(Instruction step) => step.About != Instruction.Nobody;

    private string? For(MoveUses move)
    {
        var target = move.Step.About;
        if (target is Instruction.Several or 0)
            return $"a loop over CPUs within a loop over CPUs ({move.Step.Span})";
        if (!IsAllowed(move.Step.Step))
            return $"the kicker does more for CPU{target} than access memory ({move.Step.Span})";
        foreach (var write in move.Writes)
        {
            var isOwn = _owners.Of(write.Field) == (Owner)target;
            var isMember = _sets.Contains(write.Field) && (write.Members & ~(1 << target)) == 0;
            if (!isOwn && !isMember && !_scratch.Contains(write.Field))
                return $"a step for CPU{target} writes {write.Field} ({move.Step.Span})";
        }

        return Reads(move.Reads, target, () => Assigned(move.Step), move.Step.Span.ToString());
    }

    private string? Common(MoveUses move) => Reads(move.Reads, Instruction.Nobody, () => [], move.Step.Span.ToString());

    /// <summary>A test that is decided after a move belongs to the place where it is written.</summary>
    private string? Asked(MoveUses move, BranchTest decision)
    {
        var uses = new List<FieldUse>();
        decision.Test.AddUses(uses);
        if (decision.About is Instruction.Several or 0)
            return $"a loop over CPUs within a loop over CPUs ({decision.Span})";
        return Reads(uses, decision.About, Before, decision.Span.ToString());

        HashSet<Field> Before()
        {
            if (move.Step.About != decision.About)
                return [];
            var assigned = Assigned(move.Step);
            assigned.UnionWith(move.Writes.Select(w => w.Field));
            return assigned;
        }
    }

    private string? Reads(IEnumerable<FieldUse> reads, int target, Func<HashSet<Field>> assigned, string where)
    {
        foreach (var read in reads)
        {
            var owner = _owners.Of(read.Field);
            if (target > 0 && owner == (Owner)target)
                continue;
            if (owner is not (Owner.Kicker or Owner.Common))
                return $"the kicker looks at {read.Field} outside of a loop over CPUs, or for another target ({where})";
            if (_writtenByTargets.Contains(read.Field))
                return $"the kicker reads {read.Field}, which targets write ({where})";
            if (_sets.Contains(read.Field) && (target <= 0 || (read.Members & ~(1 << target)) != 0))
                return $"the kicker asks for {read.Field} as a whole ({where})";
            if (_scratch.Contains(read.Field) && (target <= 0 || !assigned().Contains(read.Field)))
                return $"the kicker reads {read.Field}, which may be from another target's turn ({where})";
        }

        return null;
    }

    /// <summary>The private variables that this turn of the loop has assigned on every way to a step.</summary>
    private HashSet<Field> Assigned(Instruction step)
    {
        var turn = _moves.Where(m => m.Step.About == step.About && m.Step.Level == step.Level).ToList();
        var before = turn.Select(m => m.Step).Distinct().ToDictionary(s => s, _ => _scratch.ToHashSet());
        var entered = _moves
            .Where(m => m.Step.Level == step.Level && m.Step.About != step.About)
            .SelectMany(m => Loops.After(m.Move, _scheme))
            .ToHashSet();
        entered.UnionWith(turn.Select(m => m.Step).Where(s => !IsFollowed(s)));
        foreach (var first in entered.Where(before.ContainsKey))
            before[first].Clear();
        bool changed;
        do
        {
            changed = false;
            foreach (var move in turn)
            {
                var after = before[move.Step].Union(move.Writes.Select(w => w.Field)).ToHashSet();
                foreach (var next in Loops.After(move.Move, _scheme).Where(before.ContainsKey))
                {
                    var count = before[next].Count;
                    before[next].IntersectWith(after);
                    changed |= before[next].Count != count;
                }
            }
        } while (changed);

        return [.. before[step]];

        bool IsFollowed(Instruction s) => turn.Exists(m => Loops.After(m.Move, _scheme).Contains(s));
    }

    private static bool IsAllowed(Step? step) =>
        step
            is AssignStep
                or RmwStep
                or CasStep
                or WhenStep
                or WaitStep
                or FenceStep
                or SelectStep
                or SendStep
                or AnswerStep
                or AssertStep
                or EitherStep
                or CodeStep
        || (step is ForStep { AnyOrder: true })
        || (step is TogetherStep together && together.Body.All(IsAllowed));
}
