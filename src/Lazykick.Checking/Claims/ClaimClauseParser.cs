using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Syntax;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Claims;

/// <summary>Reads the clauses of a claim, which say when it comes out how, and their formulas.</summary>
internal sealed class ClaimClauseParser(TokenCursor tokens, ClaimNames names, DiagnosticCollection diagnostics)
{
    private const int MaxDepth = 64;

    private int _depth;

    /// <summary>Reads the clause that begins with a word, with the end of its line.</summary>
    public ClaimClause Read(Token word)
    {
        var outcome = word.Text switch
        {
            "confirmed" => ClaimOutcome.Confirmed,
            "refuted" => ClaimOutcome.Refuted,
            "depends" => ClaimOutcome.Depends,
            _ => throw new SchemeSyntaxException(
                "LK0606",
                word.Span,
                $"'{word.Text}' is no outcome",
                Suggestion.For(word.Text, ["confirmed", "refuted", "depends", "waits"])
            ),
        };
        string? assumption = null;
        if (outcome == ClaimOutcome.Depends)
        {
            tokens.ExpectKeyword("on");
            assumption = tokens.ExpectString("what it depends on");
        }

        tokens.ExpectKeyword("when");
        return new ClaimClause(outcome, assumption, ReadCondition());
    }

    /// <summary>A formula on the same line, or one a line in a block, all of which must hold.</summary>
    private ClaimFormula ReadCondition()
    {
        _depth = 0;
        var span = tokens.Peek.Span;
        if (tokens.Peek.Kind != TokenKind.NewLine)
        {
            var formula = ReadFormula();
            tokens.EndOfLine();
            return formula;
        }

        tokens.ExpectBlock("formulas");
        var parts = new List<ClaimFormula>();
        while (!tokens.AtEnd && !tokens.TakeKind(TokenKind.Dedent))
        {
            parts.Add(ReadFormula());
            tokens.EndOfLine();
        }

        return new AllOf(parts, parts.Count > 0 ? parts[0].Span : span);
    }

    private ClaimFormula ReadFormula()
    {
        if (++_depth > MaxDepth)
        {
            throw new SchemeSyntaxException(
                "LK0613",
                tokens.Peek.Span,
                $"a formula nests deeper than {MaxDepth}",
                "write one formula a line, in a block below 'when'"
            );
        }

        var parts = new List<ClaimFormula> { ReadAnd() };
        while (tokens.TakeWord("or"))
            parts.Add(ReadAnd());
        _depth--;
        return parts.Count == 1 ? parts[0] : new AnyOf(parts, parts[0].Span);
    }

    private ClaimFormula ReadAnd()
    {
        var parts = new List<ClaimFormula> { ReadAtom() };
        while (tokens.TakeWord("and"))
            parts.Add(ReadAtom());
        return parts.Count == 1 ? parts[0] : new AllOf(parts, parts[0].Span);
    }

    private ClaimFormula ReadAtom()
    {
        var start = tokens.Peek.Span;
        if (tokens.TakeWord("not"))
        {
            _depth++;
            if (_depth > MaxDepth)
            {
                throw new SchemeSyntaxException(
                    "LK0613",
                    start,
                    $"a formula nests deeper than {MaxDepth}",
                    "two 'not' cancel each other"
                );
            }

            var operand = ReadAtom();
            _depth--;
            return new Negation(operand, start);
        }

        if (tokens.TakeMark("("))
        {
            var inner = ReadFormula();
            tokens.ExpectMark(")");
            return inner;
        }

        if (tokens.Peek.Kind == TokenKind.Number)
            return ReadNumbers(new ClaimNumber.Constant(tokens.ExpectNumber("a number").Value), start);
        var word = tokens.ExpectWord("a run, as in posted.S1");
        if (names.Lists.ContainsKey(word.Text))
        {
            tokens.ExpectMark("=");
            var other = tokens.ExpectWord("another list");
            names.List(other);
            return new ListsFormula(word.Text, other.Text, start);
        }

        var (run, what) = Split(word);
        return what switch
        {
            "states" or "count" => ReadNumbers(Number(word), start),
            "windows" => ReadWindows(word, run),
            "window" => ReadPosition(word, run, PositionFact.Window),
            "eqs" => ReadPosition(word, run, PositionFact.Eqs),
            "taken" => ReadPosition(word, run, PositionFact.Taken),
            _ when what.EndsWith(".length", StringComparison.Ordinal) => ReadNumbers(Number(word), start),
            _ => ReadVerdict(word, run, what),
        };
    }

    private VerdictFormula ReadVerdict(Token word, string run, string property)
    {
        names.Property(run, property, word.Span);
        var verdict =
            tokens.TakeWord("violated") ? Verdict.Violated
            : tokens.TakeWord("holds") ? Verdict.Holds
            : throw tokens.Unexpected("'violated' or 'holds'");
        return new VerdictFormula(run, property, verdict, word.Span);
    }

    private PositionFormula ReadPosition(Token word, string run, PositionFact fact)
    {
        var known = names.Run(word, run);
        var every = tokens.TakeWord("every");
        string? role = null;
        if (tokens.TakeWord("of"))
        {
            var name = tokens.ExpectWord("a role");
            role = name.Text;
            if (known is not null && !known.Scheme.Roles.ContainsKey(role))
            {
                diagnostics.Report(
                    "LK0614",
                    name.Span,
                    $"scheme '{known.Scheme.Name}' has no role '{role}'",
                    Suggestion.For(role, known.Scheme.Roles.Keys)
                );
            }
        }

        var blocks = new List<string>();
        while (tokens.TakeWord("in"))
        {
            var block = tokens.ExpectWord("a path, a routine or a place");
            if (known is not null)
                ClaimNames.Block(known, block, diagnostics);
            blocks.Add(block.Text);
        }

        var step = tokens.Peek.Kind == TokenKind.String ? tokens.Next().Text : null;
        return new PositionFormula(run, fact, every, new PositionPattern(role, blocks, step), word.Span);
    }

    private WindowsFormula ReadWindows(Token word, string run)
    {
        names.Run(word, run);
        var comparison = ReadComparison(out var swap);
        var other = tokens.ExpectWord("the windows of another run, as in fixed.windows");
        var (right, what) = Split(other);
        if (what != "windows")
        {
            throw new SchemeSyntaxException(
                "LK0615",
                other.Span,
                "a set of windows compares with another set of windows",
                "write, for example, posted.windows <= fixed.windows"
            );
        }

        names.Run(other, right);
        return swap
            ? new WindowsFormula(right, comparison, run, word.Span)
            : new WindowsFormula(run, comparison, right, word.Span);
    }

    private NumbersFormula ReadNumbers(ClaimNumber left, SourceSpan span)
    {
        var comparison = ReadComparison(out var swap);
        var right =
            tokens.Peek.Kind == TokenKind.Number
                ? new ClaimNumber.Constant(tokens.ExpectNumber("a number").Value)
                : Number(tokens.ExpectWord("a number, as in posted.states"));
        return swap
            ? new NumbersFormula(right, comparison, left, span)
            : new NumbersFormula(left, comparison, right, span);
    }

    private ClaimNumber Number(Token word)
    {
        var (name, what) = Split(word);
        if (what == "count")
        {
            names.List(word, name);
            return new ClaimNumber.Count(name);
        }

        if (what == "states")
        {
            names.Run(word, name);
            return new ClaimNumber.States(name);
        }

        const string length = ".length";
        if (!what.EndsWith(length, StringComparison.Ordinal))
        {
            throw new SchemeSyntaxException(
                "LK0615",
                word.Span,
                $"'{word.Text}' is not a number",
                "a number, RUN.states, RUN.PROPERTY.length or LIST.count"
            );
        }

        names.Property(name, what[..^length.Length], word.Span);
        return new ClaimNumber.Length(name, what[..^length.Length]);
    }

    private ClaimComparison ReadComparison(out bool swap)
    {
        swap = tokens.AtMark(">") || tokens.AtMark(">=");
        if (tokens.TakeMark("="))
            return ClaimComparison.Equal;
        if (tokens.TakeMark("!="))
            return ClaimComparison.NotEqual;
        if (tokens.TakeMark("<") || tokens.TakeMark(">"))
            return ClaimComparison.Less;
        if (tokens.TakeMark("<=") || tokens.TakeMark(">="))
            return ClaimComparison.LessOrEqual;
        throw tokens.Unexpected("a comparison, = != < <= > >=");
    }

    /// <summary>The two halves of a word such as <c>posted.S1</c>: a run or list, and what of it.</summary>
    public static (string Name, string What) Split(Token word)
    {
        var dot = word.Text.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
        {
            throw new SchemeSyntaxException(
                "LK0616",
                word.Span,
                $"'{word.Text}' does not say what of the run",
                "write, for example, posted.S1 violated, posted.window in el0_svc, posted.states = 100"
            );
        }

        return (word.Text[..dot], word.Text[(dot + 1)..]);
    }
}
