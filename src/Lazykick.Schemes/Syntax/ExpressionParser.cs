using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Syntax;

/// <summary>Reads expressions: conditions, values, sets of CPUs, names of variables.</summary>
internal sealed class ExpressionParser(TokenCursor tokens)
{
    private const int MaxDepth = 64;
    private const int MaxOperators = 64;

    private int _depth;
    private int _operators;

    /// <summary>Reads an expression.</summary>
    public Expression Read()
    {
        _depth = 0;
        return ReadOr();
    }

    /// <summary>Reads the name of a variable, with the CPUs that it belongs to.</summary>
    public NameExpression ReadName()
    {
        _depth = 0;
        return ReadIndexed();
    }

    /// <summary>Reads values in parentheses; none without parentheses.</summary>
    public List<Expression> ReadArguments()
    {
        var values = new List<Expression>();
        if (!tokens.TakeMark("("))
            return values;
        do values.Add(Read());
        while (tokens.TakeMark(","));
        tokens.ExpectMark(")");
        return values;
    }

    /// <summary>The value of a token that is a number.</summary>
    public static int Number(Token token)
    {
        if (int.TryParse(token.Text, out var value) && value is >= 0 and <= 255)
            return value;
        throw new SchemeSyntaxException(
            "LK0011",
            token.Span,
            $"'{token.Text}' is not a number from 0 to 255",
            "the machine counts in small ranges; larger ones only make the space larger"
        );
    }

    private Expression ReadOr()
    {
        if (++_depth > MaxDepth)
        {
            throw new SchemeSyntaxException(
                "LK0007",
                tokens.Peek.Span,
                $"an expression nests deeper than {MaxDepth}",
                "split it over several steps"
            );
        }

        if (_depth == 1)
            _operators = 0;
        var left = ReadAnd();
        while (tokens.TakeWord("or"))
            left = Binary(BinaryOperator.Or, left, ReadAnd());
        _depth--;
        return left;
    }

    private Expression ReadAnd()
    {
        var left = ReadNot();
        while (tokens.TakeWord("and"))
            left = Binary(BinaryOperator.And, left, ReadNot());
        return left;
    }

    private Expression ReadNot()
    {
        if (!tokens.AtWord("not"))
            return ReadComparison();
        var start = tokens.Next().Span;
        if (++_depth > MaxDepth)
        {
            throw new SchemeSyntaxException(
                "LK0007",
                start,
                $"an expression nests deeper than {MaxDepth}",
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
        BinaryOperator? comparison = tokens.Peek switch
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
        tokens.Next();
        return Binary(comparison.Value, left, ReadSum());
    }

    private Expression ReadSum()
    {
        var left = ReadOperand();
        while (tokens.AtMark("+") || tokens.AtMark("-"))
        {
            var plus = tokens.Next().Text == "+";
            left = Binary(plus ? BinaryOperator.Plus : BinaryOperator.Minus, left, ReadOperand());
        }

        return left;
    }

    private Expression ReadOperand()
    {
        var token = tokens.Peek;
        switch (token.Kind)
        {
            case TokenKind.Number:
                tokens.Next();
                return new NumberExpression(Number(token), token.Span);
            case TokenKind.Word when token.Text is "on" or "off":
                tokens.Next();
                return new NumberExpression(token.Text == "on" ? 1 : 0, token.Span);
            case TokenKind.Word when token.Text == "if":
                tokens.Next();
                return ReadConditional(token);
            case TokenKind.Word:
                return ReadIndexed();
            case TokenKind.Mark when token.Text == "(":
                tokens.Next();
                var inner = ReadOr();
                var end = tokens.Peek.Span;
                tokens.ExpectMark(")");
                return inner with
                {
                    Span = SourceSpan.Cover(token.Span, end),
                };
            case TokenKind.Mark when token.Text == "{":
                tokens.Next();
                var elements = new List<Expression>();
                while (!tokens.AtMark("}"))
                {
                    elements.Add(ReadOr());
                    if (!tokens.TakeMark(","))
                        break;
                }

                var close = tokens.Peek.Span;
                tokens.ExpectMark("}");
                return new SetExpression(elements, SourceSpan.Cover(token.Span, close));
            default:
                throw tokens.Unexpected(
                    "a value",
                    token is { Kind: TokenKind.Mark, Text: "=" }
                        ? "equal is one '=': x[t] = 0"
                        : "a number, a name, a set such as {self}, or a condition in parentheses"
                );
        }
    }

    private ConditionalExpression ReadConditional(Token first)
    {
        var test = ReadOr();
        if (!tokens.TakeWord("then"))
            throw tokens.Unexpected("'then' and a value", "if CONDITION then VALUE else VALUE");
        var then = ReadOr();
        if (!tokens.TakeWord("else"))
            throw tokens.Unexpected("'else' and a value", "if CONDITION then VALUE else VALUE");
        var otherwise = ReadOr();
        return new ConditionalExpression(test, then, otherwise, SourceSpan.Cover(first.Span, otherwise.Span));
    }

    private NameExpression ReadIndexed()
    {
        var name = tokens.ExpectWord("a name");
        if (!tokens.TakeMark("["))
            return new NameExpression(name.Text, [], name.Span);
        var index = new List<Expression> { ReadOr() };
        if (tokens.TakeMark(","))
            index.Add(ReadOr());
        var close = tokens.Peek.Span;
        tokens.ExpectMark("]");
        return new NameExpression(name.Text, index, SourceSpan.Cover(name.Span, close));
    }

    private BinaryExpression Binary(BinaryOperator operation, Expression left, Expression right)
    {
        if (++_operators > MaxOperators)
        {
            throw new SchemeSyntaxException(
                "LK0007",
                right.Span,
                $"an expression has more than {MaxOperators} operators",
                "split it over several steps"
            );
        }

        return new(operation, left, right, SourceSpan.Cover(left.Span, right.Span));
    }
}
