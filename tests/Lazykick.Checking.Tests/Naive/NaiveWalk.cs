using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Tests.Naive;

/// <summary>Goes through the steps that take no move (M7) until the CPU stands before one that does.</summary>
internal sealed class NaiveWalk(Scheme scheme, NaiveValues values)
{
    private const int Enough = 10_000;

    /// <summary>Where the CPU comes to stand; null at the end of the path.</summary>
    public Level? Settle(Level level, NaiveState state, int cpu)
    {
        var start = level;
        for (var turns = 0; turns < Enough; turns++)
        {
            if (level.IsChoosing || level.IsReturning)
                return level;
            if (level.Index == level.Block.Count)
            {
                if (level.Kind == LevelKind.Path)
                    return null;
                level = AtEnd(level, state, cpu);
                continue;
            }

            if (Through(level, state, cpu) is not { } further)
                return level;
            level = further;
        }

        throw new NaiveSchemeException(start.Block[0].Span, "a loop comes round without a move");
    }

    /// <summary>
    /// Names that a step at this position may use for CPUs; a routine's steps do not see its caller's.
    /// </summary>
    public static CpuName? Names(Level level)
    {
        var outer = level.Kind is LevelKind.Path or LevelKind.Routine or LevelKind.Kick or LevelKind.Ask
            ? null
            : Names(level.Parent!);
        return level.Kind switch
        {
            LevelKind.For or LevelKind.ForAnyOrder when !level.IsChoosing => new CpuName(
                ((ForStep)level.Parent!.Step).Variable,
                level.Cpu,
                outer
            ),
            _ => outer,
        };
    }

    /// <summary>The same, with the CPU that a policy's ask is about.</summary>
    public CpuName? NamesAt(Level level)
    {
        var ask = level;
        while (ask.Kind is not (LevelKind.Path or LevelKind.Routine or LevelKind.Kick or LevelKind.Ask))
            ask = ask.Parent!;
        var names = Names(level);
        if (ask.Kind != LevelKind.Ask)
            return names;
        var asked = new CpuName(scheme.Policies[((SelectStep)ask.Parent!.Step).Policy].Variable, ask.Cpu, null);
        return names is null ? asked : Append(names, asked);
    }

    /// <summary>Does the step have no move of its own?</summary>
    public bool IsSilent(Step step, int cpu, CpuName? names) =>
        step switch
        {
            ForStep or RepeatStep or BreakStep or SectionStep or SequenceStep => true,
            CallStep call => call is { Opaque: false, UsesRcu: false } && call.Clobbers.IsEmpty,
            WhenStep test => !values.Decided.ReadsMemory(test.Condition, cpu, names),
            SelectStep select => scheme.Policies[select.Policy].Ask is not null,
            _ => false,
        };

    private static CpuName Append(CpuName names, CpuName last) =>
        names with
        {
            Next = names.Next is null ? last : Append(names.Next, last),
        };

    private Level? Through(Level level, NaiveState state, int cpu)
    {
        var step = level.Step;
        var names = NamesAt(level);
        if (!IsSilent(step, cpu, names))
            return null;
        switch (step)
        {
            case RepeatStep repeat:
                return level.Push(repeat.Body, LevelKind.Repeat);
            case BreakStep:
                return level.Around(LevelKind.Repeat).Parent!.Next();
            case SectionStep section:
                return level.Push(section.Body, LevelKind.Branch);
            case SequenceStep sequence:
                return level.Push(sequence.Steps, LevelKind.Branch);
            case CallStep call:
                return level.Push(scheme.Routines[call.Name].Body, LevelKind.Routine);
            case WhenStep test:
                return level.Push(
                    values.IsTrue(test.Condition, state, cpu, names) ? test.Then : test.Else,
                    LevelKind.Branch
                );
            case SelectStep select:
                var asked = values.Evaluate(select.Cpu, state, cpu, names).Number;
                return level.Push(scheme.Policies[select.Policy].Ask!, LevelKind.Ask, asked);
            case ForStep { AnyOrder: true } loop:
                return level.Push(loop.Body, LevelKind.ForAnyOrder, -1);
            default:
                return Turn(level, (ForStep)step, -1, state, cpu);
        }
    }

    private Level AtEnd(Level level, NaiveState state, int cpu) =>
        level.Kind switch
        {
            LevelKind.Repeat => level with { Index = 0 },
            LevelKind.For => Turn(level.Parent!, (ForStep)level.Parent!.Step, level.Cpu, state, cpu),
            LevelKind.ForAnyOrder => level with { Index = 0, Cpu = -1 },
            LevelKind.Ask => throw new NaiveSchemeException(
                level.Parent!.Step.Span,
                "the policy ends without an answer"
            ),
            _ => level.Parent!.Next(),
        };

    /// <summary>
    /// The turn of the lowest CPU above <paramref name="last"/> that is in the set now, or what follows the loop.
    /// </summary>
    private Level Turn(Level level, ForStep loop, int last, NaiveState state, int cpu)
    {
        var left = values.Evaluate(loop.Set, state, cpu, NamesAt(level)).Number & -(1 << (last + 1));
        return left == 0 ? level.Next() : level.Push(loop.Body, LevelKind.For, int.TrailingZeroCount(left));
    }
}
