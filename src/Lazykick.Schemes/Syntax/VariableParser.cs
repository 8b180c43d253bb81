using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Syntax;

/// <summary>Reads declarations of variables and of text.</summary>
internal sealed class VariableParser(TokenCursor tokens, ExpressionParser expressions)
{
    /// <summary>Reads what follows the names of variables that are stored alike.</summary>
    public IEnumerable<VariableDeclaration> Read(Storage storage, IReadOnlyList<Token> names)
    {
        if (!tokens.TakeMark(":"))
            throw tokens.Unexpected("':' and a type", "for example: percpu watching : bit = 1");
        var type = ReadType();
        var initial = tokens.TakeMark("=") ? expressions.Read() : null;
        return names.Select(n => new VariableDeclaration(storage, n.Text, type, initial, n.Span));
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

    private VariableType ReadType(bool isEntry = false)
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

        var word = tokens.ExpectWord("bit, a range such as 0..3, set, irq, lock, queue, or names divided by '|'");
        if (word.Text == "queue" && tokens.Peek.Kind == TokenKind.Number)
            return ReadQueue(word);
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
                    word.Text == "queue"
                        ? "a queue says how many entries it holds, and of what: queue 2 of flush | sync"
                        : Suggestion.Nearest(word.Text, ["bit", "set", "irq", "lock"])
                            ?? "a type is bit, a range such as 0..3, set, irq, lock, queue 2 of TYPE, or names divided "
                                + "by '|'"
                ),
            };
        }

        var names = new List<string> { word.Text };
        while (tokens.TakeMark("|"))
            names.Add(tokens.ExpectWord("a name").Text);
        return isEntry && names.Contains("empty")
            ? throw new SchemeSyntaxException(
                "LK0034",
                word.Span,
                "'empty' is nothing that a queue holds",
                "'empty' is the queue without entries: give the entry another name"
            )
            : new EnumType(names);
    }

    private QueueType ReadQueue(Token word)
    {
        var length = tokens.Next();
        tokens.ExpectKeyword("of");
        var element = tokens.Peek.Span;
        var type = ReadType(isEntry: true);
        element = SourceSpan.Cover(element, tokens.Previous.Span);
        if (type is not (EnumType or RangeType { Wraps: false }))
        {
            throw new SchemeSyntaxException(
                "LK0034",
                element,
                $"'{element.Text}' is nothing that a queue holds",
                "an entry is bit, a range such as 0..3, or names divided by '|'"
            );
        }

        var number = ExpressionParser.Number(length);
        return number > 0 && new QueueType(number, type) is { High: < QueueType.MostStates } queue
            ? queue
            : throw new SchemeSyntaxException(
                "LK0035",
                SourceSpan.Cover(word.Span, length.Span),
                $"a queue of {number} entries with {new QueueType(1, type).Kinds} values each is "
                    + (number > 0 ? "too large" : "always empty"),
                $"all that it can hold must be fewer than {QueueType.MostStates} states; two or three entries show an "
                    + "order"
            );
    }
}
