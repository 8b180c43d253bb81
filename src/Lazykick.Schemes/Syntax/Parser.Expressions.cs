using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Syntax;

public sealed partial class Parser
{
    private const int MaxExpressionDepth = 64;
    private const int MaxOperators = 64;

    private Expression ReadExpression()
    {
        if (++_depth > MaxExpressionDepth)
        {
            _depth = 0;
            throw new SyntaxError(
                "LK0007",
                Peek.Span,
                $"an expression nests deeper than {MaxExpressionDepth}",
                "split it over several steps"
            );
        }

        if (_depth == 1)
            _operators = 0;
        var left = ReadAnd();
        while (TakeWord("or"))
            left = Binary(BinaryOperator.Or, left, ReadAnd());
        _depth--;
        return left;
    }

    private Expression ReadAnd()
    {
        var left = ReadNot();
        while (TakeWord("and"))
            left = Binary(BinaryOperator.And, left, ReadNot());
        return left;
    }

    private Expression ReadNot()
    {
        if (!AtWord("not"))
            return ReadComparison();
        var start = Next().Span;
        if (++_depth > MaxExpressionDepth)
        {
            _depth = 0;
            throw new SyntaxError(
                "LK0007",
                start,
                $"an expression nests deeper than {MaxExpressionDepth}",
                "two 'not' cancel each other"
            );
        }

        var operand = ReadNot();
        _depth--;
        return new NotExpression(operand, SourceSpan.Cover(start, operand.Span));
    }

    private Expression ReadComparison()
    {
        var left = ReadSum();
        BinaryOperator? comparison = Peek switch
        {
            { Kind: TokenKind.Mark, Text: "=" } => BinaryOperator.Equal,
            { Kind: TokenKind.Mark, Text: "!=" } => BinaryOperator.NotEqual,
            { Kind: TokenKind.Mark, Text: "<" } => BinaryOperator.Less,
            { Kind: TokenKind.Mark, Text: "<=" } => BinaryOperator.LessOrEqual,
            { Kind: TokenKind.Mark, Text: ">" } => BinaryOperator.Greater,
            { Kind: TokenKind.Mark, Text: ">=" } => BinaryOperator.GreaterOrEqual,
            { Kind: TokenKind.Word, Text: "in" } => BinaryOperator.In,
            _ => null,
        };
        if (comparison is null)
            return left;
        Next();
        return Binary(comparison.Value, left, ReadSum());
    }

    private Expression ReadSum()
    {
        var left = ReadOperand();
        while (AtMark("+") || AtMark("-"))
        {
            var plus = Next().Text == "+";
            left = Binary(plus ? BinaryOperator.Plus : BinaryOperator.Minus, left, ReadOperand());
        }

        return left;
    }

    private Expression ReadOperand()
    {
        var token = Peek;
        switch (token.Kind)
        {
            case TokenKind.Number:
                Next();
                return new NumberExpression(Number(token), token.Span);
            case TokenKind.Word when token.Text is "on" or "off":
                Next();
                return new NumberExpression(token.Text == "on" ? 1 : 0, token.Span);
            case TokenKind.Word:
                return ReadName();
            case TokenKind.Mark when token.Text == "(":
                Next();
                var inner = ReadExpression();
                ExpectMark(")");
                return inner;
            case TokenKind.Mark when token.Text == "{":
                Next();
                var elements = new List<Expression>();
                while (!AtMark("}"))
                {
                    elements.Add(ReadExpression());
                    if (!TakeMark(","))
                        break;
                }

                var close = Peek.Span;
                ExpectMark("}");
                return new SetExpression(elements, SourceSpan.Cover(token.Span, close));
            default:
                throw Unexpected("a value", "a number, a name, a set such as {self}, or a condition in parentheses");
        }
    }

    private NameExpression ReadName()
    {
        var name = ExpectWord("a name");
        if (!TakeMark("["))
            return new NameExpression(name.Text, [], name.Span);
        var index = new List<Expression> { ReadExpression() };
        if (TakeMark(","))
            index.Add(ReadExpression());
        var close = Peek.Span;
        ExpectMark("]");
        return new NameExpression(name.Text, index, SourceSpan.Cover(name.Span, close));
    }

    private static int Number(Token token)
    {
        if (int.TryParse(token.Text, out var value) && value is >= 0 and <= 255)
            return value;
        throw new SyntaxError(
            "LK0011",
            token.Span,
            $"'{token.Text}' is not a number from 0 to 255",
            "the machine counts in small ranges; larger ones only make the space larger"
        );
    }

    private BinaryExpression Binary(BinaryOperator operation, Expression left, Expression right)
    {
        if (++_operators > MaxOperators)
        {
            throw new SyntaxError(
                "LK0007",
                right.Span,
                $"an expression has more than {MaxOperators} operators",
                "split it over several steps"
            );
        }

        return new(operation, left, right, SourceSpan.Cover(left.Span, right.Span));
    }

    private MemoryOrder? TakeOrder()
    {
        MemoryOrder? order =
            Peek.Kind != TokenKind.Word
                ? null
                : Peek.Text switch
                {
                    "relaxed" => MemoryOrder.Relaxed,
                    "acquire" => MemoryOrder.Acquire,
                    "release" => MemoryOrder.Release,
                    "full" => MemoryOrder.Full,
                    _ => null,
                };
        if (order is not null)
            Next();
        return order;
    }

    private MemoryOrder OrderOf(MemoryOrder none, params ReadOnlySpan<MemoryOrder> allowed)
    {
        var at = Peek;
        var order = TakeOrder() ?? none;
        if (order == none || allowed.Contains(order))
            return order;
        throw new SyntaxError(
            "LK0012",
            at.Span,
            $"'{at.Text}' is no ordering for this access",
            "a load is relaxed or acquire, a store relaxed or release, an rmw any of relaxed, acquire, release, full"
        );
    }
}
