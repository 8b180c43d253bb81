namespace Lazykick.Schemes.Syntax;

public sealed partial class Parser
{
    // Above the lexer's limit for indentation: this one is for blocks on one line.
    private const int MaxBlockDepth = 40;

    private List<Step> Block()
    {
        if (++_blockDepth > MaxBlockDepth)
        {
            _blockDepth--;
            throw new SyntaxError(
                "LK0003",
                Peek.Span,
                $"blocks nest deeper than {MaxBlockDepth}",
                "move the inner steps into a routine"
            );
        }

        try
        {
            return ReadBlock();
        }
        finally
        {
            _blockDepth--;
        }
    }

    private List<Step> ReadBlock()
    {
        var steps = new List<Step>();
        var colon = TakeMark(":");
        if (Peek.Kind != TokenKind.NewLine && Peek.Kind != TokenKind.End)
        {
            if (!colon)
                throw Unexpected("':' or the end of the line");
            StepLine(steps);
            return steps;
        }

        EndOfLine();
        if (Peek.Kind != TokenKind.Indent)
            return steps;
        Next();
        while (Peek.Kind is not (TokenKind.Dedent or TokenKind.End))
        {
            try
            {
                StepLine(steps);
            }
            catch (SyntaxError error)
            {
                Report(error);
                _depth = 0;
                SkipLine();
            }
        }

        if (Peek.Kind == TokenKind.Dedent)
            Next();
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
            if (TakeMark(";") && Peek.Kind is not (TokenKind.NewLine or TokenKind.End))
                continue;
            EndOfLine();
            if (Peek.Kind == TokenKind.Indent)
            {
                throw new SyntaxError(
                    "LK0013",
                    Peek.Span,
                    "a block stands below a step that takes none",
                    "blocks follow when, else, either, or, repeat, for, section and together"
                );
            }

            return;
        }
    }
}
