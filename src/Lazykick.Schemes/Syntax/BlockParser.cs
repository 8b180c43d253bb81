using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Syntax;

/// <summary>Reads blocks of steps: their lines, labels, conditions and control flow.</summary>
internal sealed class BlockParser(
    TokenCursor tokens,
    ExpressionParser expressions,
    MemoryOrderParser orders,
    AccessParser accesses
)
{
    // Above the lexer's limit for indentation: this one is for blocks on one line.
    private const int MaxDepth = 40;

    private readonly StepParser _steps = new(tokens, expressions, orders, accesses);
    private int _depth;

    /// <summary>Reads the block that follows, on the same line or indented below it.</summary>
    public List<Step> Read()
    {
        if (++_depth > MaxDepth)
        {
            _depth--;
            throw new SchemeSyntaxException(
                "LK0003",
                tokens.Peek.Span,
                $"blocks nest deeper than {MaxDepth}",
                "move the inner steps into a routine"
            );
        }

        try
        {
            return ReadBlock();
        }
        finally
        {
            _depth--;
        }
    }

    private List<Step> ReadBlock()
    {
        var steps = new List<Step>();
        var colon = tokens.TakeMark(":");
        if (!tokens.AtEndOfLine)
        {
            if (!colon)
                throw tokens.Unexpected("':' or the end of the line");
            StepLine(steps);
            return steps;
        }

        tokens.EndOfLine();
        tokens.ReadIndentedLines(() => StepLine(steps));
        return steps;
    }

    /// <summary>Steps of one line, between semicolons, with its end and any block below it.</summary>
    private void StepLine(List<Step> steps)
    {
        while (true)
        {
            var step = LabelledStep(out var ownsLineEnd);
            steps.Add(step);
            if (ownsLineEnd)
                return;
            if (tokens.TakeMark(";") && !tokens.AtEndOfLine)
                continue;
            tokens.EndOfLine(
                tokens.AtWord("if") || tokens.AtWord("unless")
                    ? "a step that is taken under a condition is written 'STEP when CONDITION'"
                    : null
            );
            if (tokens.Peek.Kind == TokenKind.Indent)
            {
                throw new SchemeSyntaxException(
                    "LK0013",
                    tokens.Peek.Span,
                    "a block stands below a step that takes none",
                    "blocks follow when, else, either, or, repeat, for, section and together"
                );
            }

            return;
        }
    }

    private Step LabelledStep(out bool ownsLineEnd)
    {
        string? label = null;
        if (tokens.TakeMark("@"))
            label = tokens.ExpectWord("the label's name").Text;
        var start = tokens.Peek.Span;
        var step = ReadStep(out ownsLineEnd);
        if (!ownsLineEnd)
        {
            step = step with { Span = SourceSpan.Cover(start, tokens.Previous.Span) };
            if (tokens.TakeWord("is"))
                step = Named(step, tokens.ExpectString("what the step is in the kernel's source"));
        }

        if (!ownsLineEnd && tokens.AtWord("when"))
        {
            tokens.Next();
            var condition = expressions.Read();
            var order = orders.TakeOneOf(MemoryOrder.Relaxed, MemoryOrder.Acquire);
            step = new WhenStep(condition, order, [step], [], step.Span);
        }

        return label is null ? step : step with { Label = label };
    }

    private static Step Named(Step step, string kernel) =>
        (step is SequenceStep s ? s with { Steps = [.. s.Steps.Select(i => Named(i, kernel))] } : step) with
        {
            Kernel = kernel,
        };

    private Step ReadStep(out bool ownsLineEnd)
    {
        ownsLineEnd = false;
        var first = tokens.Peek;
        if (first.Kind != TokenKind.Word)
            throw tokens.Unexpected("a step");
        if (tokens.Ahead(1) is { Kind: TokenKind.Mark, Text: ":=" or "[" })
            return accesses.ReadAssign();
        switch (first.Text)
        {
            case "when":
                ownsLineEnd = true;
                return ReadWhen();
            case "either":
                ownsLineEnd = true;
                return ReadEither();
            case "repeat":
                ownsLineEnd = true;
                tokens.Next();
                return new RepeatStep(Read(), first.Span);
            case "for":
                ownsLineEnd = true;
                return ReadFor();
            case "section":
                ownsLineEnd = true;
                tokens.Next();
                var textClass = tokens.ExpectWord("a class of text").Text;
                return new SectionStep(textClass, Read(), first.Span);
            case "together":
                ownsLineEnd = true;
                tokens.Next();
                return new TogetherStep(Read(), first.Span);
            default:
                tokens.Next();
                return _steps.Read(first) ?? throw NotAStep(first);
        }
    }

    private static SchemeSyntaxException NotAStep(Token word) =>
        word.Text is "else" or "or"
            ? new SchemeSyntaxException(
                "LK0014",
                word.Span,
                $"'{word.Text}' has no {(word.Text == "else" ? "when" : "either")} above it",
                "align it with the line that it belongs to"
            )
            : new SchemeSyntaxException(
                "LK0015",
                word.Span,
                $"'{word.Text}' is not a step",
                ForeignWords.Step(word.Text)
                    ?? Suggestion.For(word.Text, Keywords.Steps)
                    ?? "an assignment is written 'name := value', other code 'step name'"
            );

    private WhenStep ReadWhen()
    {
        var start = tokens.Next().Span;
        var condition = expressions.Read();
        var order = orders.TakeOneOf(MemoryOrder.Relaxed, MemoryOrder.Acquire);
        var then = Read();
        List<Step> otherwise = [];
        if (tokens.AtWord("else"))
        {
            tokens.Next();
            otherwise = Read();
        }

        return new WhenStep(condition, order, then, otherwise, SourceSpan.Cover(start, condition.Span));
    }

    private EitherStep ReadEither()
    {
        var start = tokens.Next().Span;
        var branches = new List<IReadOnlyList<Step>> { Read() };
        while (tokens.TakeWord("or"))
            branches.Add(Read());
        if (branches.Count < 2)
        {
            tokens.Report(
                new SchemeSyntaxException(
                    "LK0016",
                    start,
                    "'either' without 'or'",
                    "write the other choice in an 'or' block below, aligned with 'either'"
                )
            );
        }

        return new EitherStep(branches, start);
    }

    private ForStep ReadFor()
    {
        var start = tokens.Next().Span;
        var variable = tokens.ExpectWord("the name of the CPU").Text;
        tokens.ExpectKeyword("in");
        var set = expressions.Read();
        var anyOrder = false;
        if (tokens.TakeWord("any"))
        {
            tokens.ExpectKeyword("order");
            anyOrder = true;
        }

        var body = Read();
        return new ForStep(variable, set, anyOrder, body, SourceSpan.Cover(start, set.Span));
    }
}
