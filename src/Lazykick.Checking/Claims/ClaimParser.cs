using Lazykick.Checking.Memory;
using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Claims;

/// <summary>
/// Reads a claim file (docs/thread/claims.md). A mistake is reported and its line skipped, so that one run finds all of
/// them.
/// </summary>
public sealed class ClaimParser
{
    private static readonly string[] s_lines =
    [
        "claim",
        "result",
        "who",
        "mail",
        "run",
        "list",
        "point",
        "beyond",
        "confirmed",
        "refuted",
        "depends",
        "waits",
        "flip",
        "draws",
    ];

    private const string UnexpectedToken = "LK0600";

    /// <summary>The mails of the thread, as docs/thread/mails.md numbers them.</summary>
    private const int LastMail = 15;

    private readonly TokenCursor _tokens;
    private readonly ISchemeFiles _files;
    private readonly DiagnosticCollection _diagnostics;
    private readonly ClaimNames _names;
    private readonly ClaimClauseParser _clauses;
    private readonly List<int> _mails = [];
    private readonly List<ClaimPoint> _points = [];
    private readonly List<ClaimClause> _ownClauses = [];
    private readonly List<ClaimFlip> _flips = [];
    private readonly List<ClaimDrawing> _draws = [];
    private (int Number, bool IsFurther, string Title, SourceSpan Span)? _header;
    private string? _who;
    private string? _waits;

    private ClaimParser(TokenCursor tokens, ISchemeFiles files, DiagnosticCollection diagnostics)
    {
        _tokens = tokens;
        _files = files;
        _diagnostics = diagnostics;
        _names = new ClaimNames(diagnostics);
        _clauses = new ClaimClauseParser(tokens, _names, diagnostics);
    }

    /// <summary>Reads one claim; null if anything was reported.</summary>
    /// <param name="source">Its file.</param>
    /// <param name="files">Where the schemes come from that it names.</param>
    /// <param name="diagnostics">Gets every mistake.</param>
    public static Claim? Parse(SourceText source, ISchemeFiles files, DiagnosticCollection diagnostics)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(diagnostics);
        if (source.Text.Length > SourceText.MaxLength)
        {
            diagnostics.Report(
                "LK0006",
                new SourceSpan(source, 0, 0),
                $"the file is longer than {SourceText.MaxLength} characters",
                "a claim is a page; is this the right file?"
            );
            return null;
        }

        var before = diagnostics.Count;
        var tokens = new TokenCursor(Lexer.Scan(source, diagnostics), diagnostics, UnexpectedToken);
        var parser = new ClaimParser(tokens, files, diagnostics);
        parser.ReadLines();
        var claim = parser.Build(source);
        return diagnostics.Count == before ? claim : null;
    }

    private void ReadLines()
    {
        while (!_tokens.AtEnd)
        {
            _tokens.ReadLine(() =>
            {
                if (_tokens.Peek.Kind == TokenKind.Indent)
                {
                    throw new SchemeSyntaxException(
                        "LK0601",
                        _tokens.Peek.Span,
                        "an indented block with nothing above it that takes one",
                        "lines of a claim start in the first column"
                    );
                }

                if (!_tokens.TakeKind(TokenKind.NewLine) && !_tokens.TakeKind(TokenKind.Dedent))
                    ReadLine();
            });
        }
    }

    private Claim? Build(SourceText source)
    {
        if (_header is not { } header)
        {
            _diagnostics.Report(
                "LK0602",
                new SourceSpan(source, 0, 0),
                "the file does not say what claim it is",
                "begin with: claim NUMBER \"the claim in one line\""
            );
            return null;
        }

        if (_ownClauses.Count > 0 || _waits is not null)
            _points.Insert(0, new ClaimPoint("", false, _ownClauses, _waits, header.Span));
        if (!header.IsFurther && (_who is null || _mails.Count == 0))
        {
            _diagnostics.Report(
                "LK0603",
                header.Span,
                _who is null
                    ? "the file does not say who claims this"
                    : "the file does not say where the thread says this",
                _who is null ? "add: who \"name\"" : "add: mail NUMBER"
            );
        }

        if (_points.Count == 0)
        {
            _diagnostics.Report(
                "LK0604",
                header.Span,
                "nothing decides the claim",
                "add: confirmed when FORMULA, or: waits \"for what\""
            );
        }

        return new Claim(
            header.Number,
            header.IsFurther,
            header.Title,
            _who ?? "",
            _mails,
            [.. _names.Runs.Values],
            [.. _names.Lists.Values],
            _points,
            _flips,
            _draws,
            header.Span
        );
    }

    private void ReadLine()
    {
        var first = _tokens.ExpectWord("a line of a claim");
        switch (first.Text)
        {
            case "claim" or "result":
                if (_header is not null)
                    throw new SchemeSyntaxException("LK0605", first.Span, "a second claim", "a file holds one claim");
                _header = (
                    _tokens.ExpectNumber("its number").Value,
                    first.Text == "result",
                    _tokens.ExpectString("the claim"),
                    first.Span
                );
                break;
            case "who":
                _who = _tokens.ExpectString("who claims it");
                break;
            case "mail":
                ReadMails();
                break;
            case "run":
                ReadRun();
                break;
            case "list":
                ReadList();
                return;
            case "point" or "beyond":
                ReadPoint(first);
                return;
            case "confirmed" or "refuted" or "depends":
                _ownClauses.Add(_clauses.Read(first));
                return;
            case "waits":
                _waits = _tokens.ExpectString("what it waits for");
                break;
            case "flip":
                ReadFlip();
                break;
            case "draws":
                ReadDrawing();
                break;
            default:
                throw new SchemeSyntaxException(
                    "LK0606",
                    first.Span,
                    $"'{first.Text}' does not begin a line of a claim",
                    Suggestion.For(first.Text, s_lines)
                );
        }

        _tokens.EndOfLine();
    }

    private void ReadMails()
    {
        do
        {
            var (mail, span) = _tokens.ExpectNumber("the number of a mail");
            if (mail is < 1 or > LastMail)
            {
                throw new SchemeSyntaxException(
                    "LK0607",
                    span,
                    $"the thread has no mail {mail}",
                    $"docs/thread/mails.md numbers them from 1 to {LastMail}"
                );
            }

            _mails.Add(mail);
        } while (_tokens.TakeMark(","));
    }

    private void ReadRun()
    {
        var name = _tokens.ExpectWord("a name for the run");
        _tokens.ExpectMark("=");
        var (schemeName, span) = _tokens.ExpectFileName("a scheme");
        var scheme = Load(schemeName, span);
        var knobs = new Dictionary<string, string>(StringComparer.Ordinal);
        if (_tokens.TakeWord("with"))
        {
            while (_tokens.Peek.Kind == TokenKind.Word && !_tokens.AtWord("cpus") && !_tokens.AtWord("memory"))
            {
                var (knob, value) = ReadSetting(scheme);
                knobs[knob] = value;
            }
        }

        var cpus = _tokens.TakeWord("cpus") ? ReadCpus() : CheckOptions.MinCpus;
        var isNamed = _tokens.TakeWord("memory");
        var memory = isNamed ? ReadMemory() : MemoryModel.Sc;
        _names.Add(
            name,
            scheme is null ? null : new ClaimRun(name.Text, scheme, knobs, cpus, memory, isNamed, name.Span)
        );
    }

    private int ReadCpus()
    {
        var (cpus, span) = _tokens.ExpectNumber("a number of CPUs");
        return cpus is >= CheckOptions.MinCpus and <= CheckOptions.MaxCpus
            ? cpus
            : throw new SchemeSyntaxException(
                "LK0608",
                span,
                $"{cpus} CPUs cannot be explored",
                $"{CheckOptions.MinCpus} to {CheckOptions.MaxCpus}"
            );
    }

    private MemoryModel ReadMemory()
    {
        var word = _tokens.ExpectWord("sc, tso or arm");
        return word.Text switch
        {
            "sc" => MemoryModel.Sc,
            "tso" => MemoryModel.Tso,
            "arm" => MemoryModel.Arm,
            _ => throw new SchemeSyntaxException(
                "LK0623",
                word.Span,
                $"'{word.Text}' is no memory model",
                "sc, tso or arm"
            ),
        };
    }

    private (string Knob, string Value) ReadSetting(Scheme? scheme)
    {
        var knob = _tokens.ExpectWord("a knob");
        _tokens.ExpectMark("=");
        var value = _tokens.Peek.Kind == TokenKind.Number ? _tokens.Next() : _tokens.ExpectWord("its value");
        if (scheme is not null && !scheme.Knobs.ContainsKey(knob.Text))
        {
            _diagnostics.Report(
                "LK0609",
                knob.Span,
                $"scheme '{scheme.Name}' has no knob '{knob.Text}'",
                Suggestion.For(knob.Text, scheme.Knobs.Keys)
            );
        }
        else if (scheme is not null && !scheme.Knobs[knob.Text].Values.Contains(value.Text, StringComparer.Ordinal))
        {
            _diagnostics.Report(
                "LK0610",
                value.Span,
                $"'{value.Text}' is not a value of knob '{knob.Text}'",
                $"its values: {string.Join(", ", scheme.Knobs[knob.Text].Values)}"
            );
        }

        return (knob.Text, value.Text);
    }

    private Scheme? Load(string name, SourceSpan span)
    {
        if (_files.Find(name) is not { } source)
        {
            _diagnostics.Report("LK0611", span, $"there is no scheme '{name}'", Suggestion.For(name, _files.Names));
            return null;
        }

        var mistakes = new DiagnosticCollection();
        var scheme = SchemeLoader.Load(source, _files, mistakes);
        foreach (var mistake in mistakes)
            _diagnostics.Report(mistake.Code, mistake.Span, mistake.Message, mistake.Hint);
        if (scheme is { IsBase: true })
        {
            _diagnostics.Report(
                "LK0612",
                span,
                $"'{name}' only serves to be included",
                "name a scheme that includes it"
            );
        }

        return scheme;
    }

    private void ReadList()
    {
        var name = _tokens.ExpectWord("a name for the list");
        var source = _tokens.ExpectString("where it comes from, and when it was read,");
        _tokens.ExpectBlock("its items");
        var items = new List<string>();
        while (!_tokens.AtEnd && !_tokens.TakeKind(TokenKind.Dedent))
        {
            items.Add(_tokens.ExpectString("an item"));
            _tokens.EndOfLine();
        }

        _names.Add(new ClaimList(name.Text, source, items), name.Span);
    }

    private void ReadPoint(Token first)
    {
        var text = _tokens.ExpectString("the point");
        _tokens.ExpectBlock("when it is confirmed or refuted");
        var clauses = new List<ClaimClause>();
        string? waits = null;
        while (!_tokens.AtEnd && !_tokens.TakeKind(TokenKind.Dedent))
        {
            var clause = _tokens.ExpectWord("confirmed, refuted, depends or waits");
            if (clause.Text == "waits")
            {
                waits = _tokens.ExpectString("what it waits for");
                _tokens.EndOfLine();
            }
            else
            {
                clauses.Add(_clauses.Read(clause));
            }
        }

        _points.Add(new ClaimPoint(text, first.Text == "beyond", clauses, waits, first.Span));
    }

    private void ReadFlip()
    {
        var run = _tokens.ExpectWord("a run, or every");
        var isEvery = run.Text == ClaimNames.Every;
        var of = isEvery ? _names.Runs.Values.FirstOrDefault() : _names.Run(run);
        var at = _tokens.Peek.Span;
        var (knob, value) = ReadSetting(of?.Scheme);
        _flips.Add(new ClaimFlip(isEvery ? null : run.Text, knob, value, at));
    }

    private void ReadDrawing()
    {
        var at = _tokens.Peek.Span;
        var (run, property) = ClaimClauseParser.Split(_tokens.ExpectWord("a run and a property, as in posted.S1"));
        _names.Property(run, property, at);
        _draws.Add(new ClaimDrawing(run, property, at));
    }
}
