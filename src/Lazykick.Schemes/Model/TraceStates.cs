using Lazykick.Schemes.Syntax;

namespace Lazykick.Schemes.Model;

/// <summary>
/// The states of a CPU that a trace shows. <c>trace skip when</c> is a condition over them: what a policy means where
/// only they are known. <c>check</c> holds it against what the policy does, <c>report</c> prices it.
/// </summary>
public static class TraceStates
{
    /// <summary>User mode on a CPU that RCU watches.</summary>
    public const string User = "user";

    /// <summary>User mode in EQS; <c>user</c> in a condition holds here too.</summary>
    public const string UserEqs = "user_eqs";

    /// <summary>In the idle loop, at rest.</summary>
    public const string Idle = "idle";

    /// <summary>In a guest.</summary>
    public const string Guest = "guest";

    /// <summary>Anywhere else in the kernel.</summary>
    public const string Kernel = "kernel";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> Names { get; } = [User, UserEqs, Idle, Guest, Kernel];

    /// <summary>Does a condition hold of a CPU in a state.</summary>
    /// <param name="condition">Over these names, on and off, with and, or, not.</param>
    /// <param name="state">One of <see cref="Names"/>.</param>
    public static bool Holds(Expression condition, string state) =>
        condition switch
        {
            NumberExpression number => number.Value != 0,
            NotExpression not => !Holds(not.Operand, state),
            BinaryExpression { Operator: BinaryOperator.And } both => Holds(both.Left, state)
                && Holds(both.Right, state),
            BinaryExpression either => Holds(either.Left, state) || Holds(either.Right, state),
            NameExpression name => name.Name == state || (name.Name == User && state == UserEqs),
            _ => false,
        };
}
