using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Syntax;

/// <summary>A value computed by a step: a small number, a set of CPUs or a truth (0 or 1).</summary>
/// <param name="Span">Where it is written.</param>
public abstract record Expression(SourceSpan Span);

/// <summary>A number; <c>on</c> is 1 and <c>off</c> is 0.</summary>
/// <param name="Value">0 to 255.</param>
/// <param name="Span">Where it is written.</param>
public sealed record NumberExpression(int Value, SourceSpan Span) : Expression(Span);

/// <summary>A name, with the CPUs that select one of its instances: <c>watching[t]</c>, <c>csd[self, t]</c>.</summary>
/// <param name="Name">Variable, knob, enumerator, role flag, loop variable, named state, or one of self, others,
/// all.</param>
/// <param name="Index">Selecting CPUs; empty means the CPU that runs the step.</param>
/// <param name="Span">Where it is written.</param>
public sealed record NameExpression(string Name, IReadOnlyList<Expression> Index, SourceSpan Span) : Expression(Span);

/// <summary>A set of CPUs written out: <c>{}</c>, <c>{self}</c>.</summary>
/// <param name="Elements">The CPUs.</param>
/// <param name="Span">Where it is written.</param>
public sealed record SetExpression(IReadOnlyList<Expression> Elements, SourceSpan Span) : Expression(Span);

/// <summary><c>not</c>.</summary>
/// <param name="Operand">What is negated.</param>
/// <param name="Span">Where it is written.</param>
public sealed record NotExpression(Expression Operand, SourceSpan Span) : Expression(Span);

/// <summary><c>if c then a else b</c>.</summary>
/// <param name="Test">What decides.</param>
/// <param name="Then">The value if it holds.</param>
/// <param name="Else">The value if not.</param>
/// <param name="Span">Where it is written.</param>
public sealed record ConditionalExpression(Expression Test, Expression Then, Expression Else, SourceSpan Span)
    : Expression(Span);

/// <summary>Two operands and an operator.</summary>
/// <param name="Operator">Which.</param>
/// <param name="Left">Left operand.</param>
/// <param name="Right">Right operand.</param>
/// <param name="Span">Where it is written.</param>
public sealed record BinaryExpression(BinaryOperator Operator, Expression Left, Expression Right, SourceSpan Span)
    : Expression(Span);

/// <summary>The operators of <see cref="BinaryExpression"/>.</summary>
public enum BinaryOperator
{
    /// <summary>At least one holds.</summary>
    Or,

    /// <summary>Both hold.</summary>
    And,

    /// <summary>Equal.</summary>
    Equal,

    /// <summary>Not equal.</summary>
    NotEqual,

    /// <summary>Less.</summary>
    Less,

    /// <summary>Less or equal.</summary>
    LessOrEqual,

    /// <summary>Greater.</summary>
    Greater,

    /// <summary>Greater or equal.</summary>
    GreaterOrEqual,

    /// <summary>A CPU is in a set.</summary>
    In,

    /// <summary>Sum of numbers; a set with a CPU or a set added.</summary>
    Plus,

    /// <summary>Difference of numbers; a set with a CPU or a set taken out.</summary>
    Minus,
}
