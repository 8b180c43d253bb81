using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Syntax;

/// <summary>Reads declarations of variables and of text.</summary>
internal sealed class VariableParser(TokenCursor tokens, ExpressionParser expressions)
{
    /// <summary>Reads what follows the word that says how a variable is stored.</summary>
    public VariableDeclaration Read(Storage storage)
    {
        var name = tokens.ExpectWord("a variable");
        if (!tokens.TakeMark(":"))
            throw tokens.Unexpected("':' and a type", "for example: percpu watching : bit = 1");
        var type = ReadType();
        var initial = tokens.TakeMark("=") ? expressions.Read() : null;
        return new VariableDeclaration(storage, name.Text, type, initial, name.Span);
    }

    /// <summary>Reads what follows the word <c>text</c>.</summary>
    public TextDeclaration ReadText(bool perCpu, SourceSpan span)
    {
        var name = tokens.ExpectWord("a text location");
        var classes = new List<string>();
        if (tokens.TakeMark(":"))
        {
            do classes.Add(tokens.ExpectWord("a class of text").Text);
            while (tokens.TakeMark("|"));
        }

        return new TextDeclaration(name.Text, perCpu, classes, span);
    }

    private VariableType ReadType()
    {
        if (tokens.Peek.Kind == TokenKind.Number)
        {
            var low = tokens.Next();
            tokens.ExpectMark("..");
            if (tokens.Peek.Kind != TokenKind.Number)
                throw tokens.Unexpected("the highest value");
            var high = tokens.Next();
            if (ExpressionParser.Number(high) < ExpressionParser.Number(low))
            {
                throw new SchemeSyntaxException(
                    "LK0024",
                    high.Span,
                    "the range is empty",
                    "the lower bound stands first"
                );
            }

            return new RangeType(
                ExpressionParser.Number(low),
                ExpressionParser.Number(high),
                tokens.TakeWord("wraps")
            );
        }

        var word = tokens.ExpectWord("bit, a range such as 0..3, set, irq, lock, or names divided by '|'");
        if (!tokens.AtMark("|"))
        {
            return word.Text switch
            {
                "bit" => VariableType.Bit,
                "set" => new SetType(),
                "irq" => new IrqType(),
                "lock" => new LockType(),
                _ => throw new SchemeSyntaxException(
                    "LK0025",
                    word.Span,
                    $"'{word.Text}' is not a type",
                    Suggestion.For(word.Text, ["bit", "set", "irq", "lock"])
                        ?? "a type is bit, a range such as 0..3, set, irq, lock, or names divided by '|'"
                ),
            };
        }

        var names = new List<string> { word.Text };
        while (tokens.TakeMark("|"))
            names.Add(tokens.ExpectWord("a name").Text);
        return new EnumType(names);
    }
}
