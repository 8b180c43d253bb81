using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Syntax;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Claims;

public sealed partial class ClaimParser
{
    private const int MaxFormulaDepth = 64;
    private int _depth;

    private ClaimClause ReadClause(Token word)
    {
        var outcome = word.Text switch
        {
            "confirmed" => ClaimOutcome.Confirmed,
            "refuted" => ClaimOutcome.Refuted,
            "depends" => ClaimOutcome.Depends,
            _ => throw new ClaimSyntaxError(
                "LK0606",
                word.Span,
                $"'{word.Text}' is no outcome",
                Suggestion.For(word.Text, ["confirmed", "refuted", "depends", "waits"])
            ),
        };
        string? assumption = null;
        if (outcome == ClaimOutcome.Depends)
        {
            _tokens.Keyword("on");
            assumption = _tokens.String("what it depends on");
        }

        _tokens.Keyword("when");
        return new ClaimClause(outcome, assumption, ReadCondition());
    }

    /// <summary>A formula on the same line, or one a line in a block, all of which must hold.</summary>
    private ClaimFormula ReadCondition()
    {
        var span = _tokens.Peek.Span;
        if (_tokens.Peek.Kind != TokenKind.NewLine)
        {
            var formula = ReadFormula();
            _tokens.EndOfLine();
            return formula;
        }

        _tokens.Block("formulas");
        var parts = new List<ClaimFormula>();
        while (!_tokens.AtEnd && !_tokens.TakeKind(TokenKind.Dedent))
        {
            parts.Add(ReadFormula());
            _tokens.EndOfLine();
        }

        return new AllOf(parts, parts.Count > 0 ? parts[0].Span : span);
    }

    private ClaimFormula ReadFormula()
    {
        if (++_depth > MaxFormulaDepth)
        {
            _depth = 0;
            throw new ClaimSyntaxError(
                "LK0613",
                _tokens.Peek.Span,
                $"a formula nests deeper than {MaxFormulaDepth}",
                "write one formula a line, in a block below 'when'"
            );
        }

        var parts = new List<ClaimFormula> { ReadAnd() };
        while (_tokens.TakeWord("or"))
            parts.Add(ReadAnd());
        _depth--;
        return parts.Count == 1 ? parts[0] : new AnyOf(parts, parts[0].Span);
    }

    private ClaimFormula ReadAnd()
    {
        var parts = new List<ClaimFormula> { ReadAtom() };
        while (_tokens.TakeWord("and"))
            parts.Add(ReadAtom());
        return parts.Count == 1 ? parts[0] : new AllOf(parts, parts[0].Span);
    }

    private ClaimFormula ReadAtom()
    {
        var start = _tokens.Peek.Span;
        if (_tokens.TakeWord("not"))
        {
            _depth++;
            if (_depth > MaxFormulaDepth)
            {
                throw new ClaimSyntaxError(
                    "LK0613",
                    start,
                    $"a formula nests deeper than {MaxFormulaDepth}",
                    "two 'not' cancel each other"
                );
            }

            var operand = ReadAtom();
            _depth--;
            return new Negation(operand, start);
        }

        if (_tokens.TakeMark("("))
        {
            var inner = ReadFormula();
            _tokens.Mark(")");
            return inner;
        }

        if (_tokens.Peek.Kind == TokenKind.Number)
            return ReadNumbers(new ClaimNumber.Constant(_tokens.Number("a number").Value), start);
        var word = _tokens.Word("a run, as in posted.S1");
        if (_names.Lists.ContainsKey(word.Text))
        {
            _tokens.Mark("=");
            var other = _tokens.Word("another list");
            _names.List(other);
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
        _names.Property(run, property, word.Span);
        var verdict =
            _tokens.TakeWord("violated") ? Verdict.Violated
            : _tokens.TakeWord("holds") ? Verdict.Holds
            : throw _tokens.Unexpected("'violated' or 'holds'");
        return new VerdictFormula(run, property, verdict, word.Span);
    }

    private PositionFormula ReadPosition(Token word, string run, PositionFact fact)
    {
        var known = _names.Run(word, run);
        var every = _tokens.TakeWord("every");
        string? role = null;
        if (_tokens.TakeWord("of"))
        {
            var name = _tokens.Word("a role");
            role = name.Text;
            if (known is not null && !known.Scheme.Roles.ContainsKey(role))
            {
                _diagnostics.Report(
                    "LK0614",
                    name.Span,
                    $"scheme '{known.Scheme.Name}' has no role '{role}'",
                    Suggestion.For(role, known.Scheme.Roles.Keys)
                );
            }
        }

        var blocks = new List<string>();
        while (_tokens.TakeWord("in"))
        {
            var block = _tokens.Word("a path, a routine or a place");
            if (known is not null)
                ClaimNames.Block(known, block, _diagnostics);
            blocks.Add(block.Text);
        }

        var step = _tokens.Peek.Kind == TokenKind.String ? _tokens.Next().Text : null;
        return new PositionFormula(run, fact, every, new PositionPattern(role, blocks, step), word.Span);
    }

    private WindowsFormula ReadWindows(Token word, string run)
    {
        _names.Run(word, run);
        var comparison = ReadComparison(out var swap);
        var other = _tokens.Word("the windows of another run, as in fixed.windows");
        var (right, what) = Split(other);
        if (what != "windows")
        {
            throw new ClaimSyntaxError(
                "LK0615",
                other.Span,
                "a set of windows compares with another set of windows",
                "write, for example, posted.windows <= fixed.windows"
            );
        }

        _names.Run(other, right);
        return swap
            ? new WindowsFormula(right, comparison, run, word.Span)
            : new WindowsFormula(run, comparison, right, word.Span);
    }

    private NumbersFormula ReadNumbers(ClaimNumber left, SourceSpan span)
    {
        var comparison = ReadComparison(out var swap);
        var right =
            _tokens.Peek.Kind == TokenKind.Number
                ? new ClaimNumber.Constant(_tokens.Number("a number").Value)
                : Number(_tokens.Word("a number, as in posted.states"));
        return swap
            ? new NumbersFormula(right, comparison, left, span)
            : new NumbersFormula(left, comparison, right, span);
    }

    private ClaimNumber Number(Token word)
    {
        var (name, what) = Split(word);
        if (what == "count")
        {
            _names.List(word, name);
            return new ClaimNumber.Count(name);
        }

        if (what == "states")
        {
            _names.Run(word, name);
            return new ClaimNumber.States(name);
        }

        const string length = ".length";
        if (!what.EndsWith(length, StringComparison.Ordinal))
        {
            throw new ClaimSyntaxError(
                "LK0615",
                word.Span,
                $"'{word.Text}' is not a number",
                "a number, RUN.states, RUN.PROPERTY.length or LIST.count"
            );
        }

        _names.Property(name, what[..^length.Length], word.Span);
        return new ClaimNumber.Length(name, what[..^length.Length]);
    }

    private ClaimComparison ReadComparison(out bool swap)
    {
        swap = _tokens.AtMark(">") || _tokens.AtMark(">=");
        if (_tokens.TakeMark("="))
            return ClaimComparison.Equal;
        if (_tokens.TakeMark("!="))
            return ClaimComparison.NotEqual;
        if (_tokens.TakeMark("<") || _tokens.TakeMark(">"))
            return ClaimComparison.Less;
        if (_tokens.TakeMark("<=") || _tokens.TakeMark(">="))
            return ClaimComparison.LessOrEqual;
        throw _tokens.Unexpected("a comparison, = != < <= > >=");
    }

    private static (string Name, string What) Split(Token word)
    {
        var dot = word.Text.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
        {
            throw new ClaimSyntaxError(
                "LK0616",
                word.Span,
                $"'{word.Text}' does not say what of the run",
                "write, for example, posted.S1 violated, posted.window in el0_svc, posted.states = 100"
            );
        }

        return (word.Text[..dot], word.Text[(dot + 1)..]);
    }
}
