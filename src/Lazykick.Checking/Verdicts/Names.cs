using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Verdicts;

/// <summary>The names that expressions and steps mention.</summary>
internal static class Names
{
    public static IEnumerable<NameExpression> Of(Expression expression) =>
        expression switch
        {
            NameExpression name => name.Index.SelectMany(Of).Prepend(name),
            NotExpression not => Of(not.Operand),
            BinaryExpression binary => Of(binary.Left).Concat(Of(binary.Right)),
            ConditionalExpression conditional => Of(conditional.Test)
                .Concat(Of(conditional.Then))
                .Concat(Of(conditional.Else)),
            SetExpression set => set.Elements.SelectMany(Of),
            _ => [],
        };

    /// <summary>Those of a step, and of the steps that it holds.</summary>
    public static IEnumerable<NameExpression> Of(Step step) =>
        Expressions(step).SelectMany(Of).Concat(step.Blocks.SelectMany(b => b).SelectMany(Of));

    private static IEnumerable<Expression> Expressions(Step step) =>
        step switch
        {
            AssignStep s => [s.Target, s.Value],
            RmwStep s => [s.Target, s.Value],
            CasStep s => [s.Target, s.Old, s.New],
            LockStep s => [s.Lock],
            UnlockStep s => [s.Lock],
            TakeStep s => [s.Queue],
            WhenStep s => [s.Condition],
            WaitStep s => [s.Condition],
            ForStep s => [s.Set],
            SendStep s => [s.Cpu],
            SelectStep s => [s.Cpu],
            AssertStep s => [s.Condition],
            TextStep s => [s.Site],
            _ => [],
        };
}
