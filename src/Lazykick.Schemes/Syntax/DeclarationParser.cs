using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Syntax;

/// <summary>Reads the declarations of a file.</summary>
internal sealed class DeclarationParser
{
    private readonly TokenCursor _tokens;
    private readonly ExpressionParser _expressions;
    private readonly BlockParser _blocks;
    private readonly VariableParser _variables;
    private readonly RoleParser _roles;
    private readonly PolicyParser _policies;

    /// <summary>What the line declares besides its first name.</summary>
    private readonly List<Declaration> _more = [];

    public DeclarationParser(TokenCursor tokens)
    {
        _tokens = tokens;
        _expressions = new ExpressionParser(tokens);
        var orders = new MemoryOrderParser(tokens);
        var accesses = new AccessParser(tokens, _expressions, orders);
        _blocks = new BlockParser(tokens, _expressions, orders, accesses);
        _variables = new VariableParser(tokens, _expressions);
        _roles = new RoleParser(tokens, _expressions);
        _policies = new PolicyParser(tokens, _expressions, orders, _blocks);
    }

    /// <summary>All declarations of the file that could be read.</summary>
    public List<Declaration> ReadAll()
    {
        var declarations = new List<Declaration>();
        while (!_tokens.AtEnd)
        {
            _tokens.ReadLine(() =>
            {
                if (_tokens.Peek.Kind == TokenKind.Indent)
                {
                    throw new SchemeSyntaxException(
                        "LK0013",
                        _tokens.Peek.Span,
                        "an indented block with nothing above it that takes one",
                        "declarations start in the first column"
                    );
                }

                if (!_tokens.TakeKind(TokenKind.NewLine) && !_tokens.TakeKind(TokenKind.Dedent))
                {
                    declarations.Add(ReadDeclaration());
                    declarations.AddRange(_more);
                }

                _more.Clear();
            });
        }

        return declarations;
    }

    private Declaration ReadDeclaration()
    {
        var first = _tokens.ExpectWord("a declaration");
        switch (first.Text)
        {
            case "scheme" or "base":
                return ReadHeader(first);
            case "arch" or "kernel":
                return Line(new FactDeclaration(first.Text, _tokens.ExpectWord("a name").Text, first.Span));
            case "source":
                return Line(new FactDeclaration(first.Text, _tokens.ExpectString("the source"), first.Span));
            case "include":
                var included = _tokens.ExpectFileName("the name of a file");
                return Line(new IncludeDeclaration(included.Text, included.Span));
            case "assume":
                var assumption = _tokens.ExpectString("the assumption");
                var condition = _tokens.TakeWord("when") ? _expressions.Read() : null;
                return Line(new AssumeDeclaration(assumption, condition, first.Span));
            case "promises":
                return Line(new PromiseDeclaration(_tokens.ExpectWords("a property"), first.Span));
            case "knob":
                return ReadKnob();
            case "set":
                var knob = _tokens.ExpectWord("a knob");
                _tokens.ExpectMark("=");
                return Line(new SetDeclaration(knob.Text, _tokens.ExpectWord("one of its values").Text, knob.Span));
            case "percpu" when _tokens.AtWord("text"):
                _tokens.Next();
                return Line(_variables.ReadText(true, first.Span));
            case "text":
                return Line(_variables.ReadText(false, first.Span));
            case "shared":
                return ReadVariables(Storage.Shared);
            case "percpu":
                return ReadVariables(Storage.PerCpu);
            case "pairwise":
                return ReadVariables(Storage.Pairwise);
            case "private":
                return ReadVariables(Storage.Private);
            case "ghost":
                return ReadVariables(Storage.Ghost);
            case "place":
                var places = ReadNames("a place");
                var runs = _tokens.TakeWord("runs") ? _tokens.ExpectWord("a class of text").Text : null;
                return Several(places.Select(p => new PlaceDeclaration(p.Text, runs, p.Span)));
            case "nesting":
                return Line(ReadNesting());
            case "message":
                return Several(ReadMessages());
            case "mapping":
                var mapping = _tokens.ExpectWord("a mapping");
                return Line(new MappingDeclaration(mapping.Text, mapping.Span));
            case "state":
                var state = _tokens.ExpectWord("a state");
                _tokens.ExpectMark("=");
                return Line(new StateDeclaration(state.Text, _expressions.Read(), state.Span));
            case "cpus":
                return Line(new CastDeclaration(_tokens.ExpectWords("a role"), first.Span));
            case "in":
                return ReadPatch(first);
            case "override":
                return ReadBlockDeclaration(_tokens.ExpectWord("role, routine, path, kick or policy"), true);
            default:
                return ReadBlockDeclaration(first, false);
        }
    }

    private Declaration ReadBlockDeclaration(Token first, bool replaces)
    {
        switch (first.Text)
        {
            case "role":
                return _roles.Read(replaces);
            case "routine":
                var routine = _tokens.ExpectWord("a routine");
                var parameters = _tokens.TakeParameters();
                return new RoutineDeclaration(routine.Text, _blocks.Read(), replaces, routine.Span)
                {
                    Parameters = parameters,
                };
            case "kick":
                var kick = _tokens.ExpectWord("a kick");
                return new KickDeclaration(kick.Text, _blocks.Read(), replaces, kick.Span);
            case "path":
                return ReadPath(replaces);
            case "policy":
                return _policies.Read(replaces);
            default:
                throw new SchemeSyntaxException(
                    "LK0022",
                    first.Span,
                    $"'{first.Text}' is not a declaration",
                    Suggestion.For(first.Text, Keywords.Declarations)
                        ?? "a file holds scheme, include, knob, variables, text, role, routine, path, kick and policy"
                );
        }
    }

    private T Line<T>(T declaration)
        where T : Declaration
    {
        _tokens.EndOfLine();
        if (_tokens.Peek.Kind == TokenKind.Indent)
        {
            throw new SchemeSyntaxException(
                "LK0013",
                _tokens.Peek.Span,
                "a block stands below a declaration that takes none",
                null
            );
        }

        return declaration;
    }

    private HeaderDeclaration ReadHeader(Token first)
    {
        var name = _tokens.ExpectFileName("its name");
        var title = _tokens.Peek.Kind == TokenKind.String ? _tokens.Next().Text : "";
        return Line(new HeaderDeclaration(name.Text, title, first.Text == "base", name.Span));
    }

    private KnobDeclaration ReadKnob()
    {
        var name = _tokens.ExpectWord("a knob");
        List<string> values = ["off", "on"];
        if (_tokens.TakeMark(":"))
        {
            values = [_tokens.ExpectWord("a value").Text];
            while (_tokens.TakeMark("|"))
                values.Add(_tokens.ExpectWord("a value").Text);
        }

        _tokens.ExpectMark("=");
        var initial = _tokens.ExpectWord("the value that holds without --set");
        var index = values.IndexOf(initial.Text);
        if (index < 0)
        {
            throw new SchemeSyntaxException(
                "LK0023",
                initial.Span,
                $"'{initial.Text}' is not a value of knob '{name.Text}'",
                $"its values: {string.Join(", ", values)}"
            );
        }

        return Line(new KnobDeclaration(name.Text, values, index, name.Span));
    }

    private PathDeclaration ReadPath(bool replaces)
    {
        var name = _tokens.ExpectWord("a path");
        var parameters = _tokens.TakeParameters();
        var trigger = Trigger.Own;
        if (_tokens.TakeWord("on"))
        {
            var word = _tokens.ExpectWord("irq, fiq, debug, brk, serror or nmi");
            trigger = word.Text switch
            {
                "irq" => Trigger.Irq,
                "fiq" => Trigger.Fiq,
                "debug" => Trigger.Debug,
                "brk" => Trigger.Brk,
                "serror" => Trigger.SError,
                "nmi" => Trigger.Nmi,
                _ => throw new SchemeSyntaxException(
                    "LK0027",
                    word.Span,
                    $"'{word.Text}' does not bring a CPU into a path",
                    "on irq, fiq, debug, brk, serror or nmi; a path without 'on' is taken at the CPU's own will"
                ),
            };
        }

        if (!_tokens.TakeWord("from"))
            throw _tokens.Unexpected("'from' and a place", "for example: path el0_svc from user");
        var from = _tokens.ExpectWord("a place, or kernel");
        return new PathDeclaration(name.Text, trigger, from.Text, _blocks.Read(), replaces, name.Span)
        {
            Parameters = parameters,
        };
    }

    /// <summary>Names with commas between them, of which all that follows is true.</summary>
    private List<Token> ReadNames(string what)
    {
        var names = new List<Token>();
        do names.Add(_tokens.ExpectWord(what));
        while (_tokens.TakeMark(","));
        return names;
    }

    private VariableDeclaration ReadVariables(Storage storage) =>
        Several(_variables.Read(storage, ReadNames("a variable")));

    /// <summary>The first of them; the others are declared by the same line.</summary>
    private T Several<T>(IEnumerable<T> declarations)
        where T : Declaration
    {
        var all = declarations.ToList();
        _more.AddRange(all.Skip(1));
        return Line(all[0]);
    }

    private IEnumerable<MessageDeclaration> ReadMessages()
    {
        var names = ReadNames("a message");
        var arrives = Trigger.Irq;
        if (_tokens.TakeWord("on"))
        {
            var word = _tokens.ExpectWord("irq, fiq or nmi");
            arrives = word.Text switch
            {
                "irq" => Trigger.Irq,
                "fiq" => Trigger.Fiq,
                "nmi" => Trigger.Nmi,
                _ => throw new SchemeSyntaxException(
                    "LK0032",
                    word.Span,
                    $"no message arrives on '{word.Text}'",
                    "on irq (masked by I), on fiq (masked by F) or on nmi (never masked)"
                ),
            };
        }

        Expression? off = null;
        if (_tokens.TakeWord("off"))
        {
            _tokens.ExpectKeyword("when");
            off = _expressions.Read();
        }

        return names.Select(n => new MessageDeclaration(n.Text, arrives, off, n.Span));
    }

    private NestingDeclaration ReadNesting()
    {
        if (_tokens.Peek.Kind != TokenKind.Number)
            throw _tokens.Unexpected("how many paths from kernel a CPU can be in", "for example: nesting 3");
        var depth = _tokens.Next();
        var number = ExpressionParser.Number(depth);
        return number is >= 1 and <= NestingDeclaration.Most
            ? new NestingDeclaration(number, depth.Span)
            : throw new SchemeSyntaxException(
                "LK0033",
                depth.Span,
                $"paths from kernel do not nest {number} deep",
                $"1 to {NestingDeclaration.Most}: there is one frame at most for each of irq, fiq, debug, brk, serror "
                    + "and nmi (M13)"
            );
    }

    private PatchDeclaration ReadPatch(Token first)
    {
        var block = _tokens.ExpectWord("a routine, path or kick");
        var word = _tokens.ExpectWord("after, before, replace or remove");
        var place = word.Text switch
        {
            "after" => PatchPlace.After,
            "before" => PatchPlace.Before,
            "replace" => PatchPlace.Replace,
            "remove" => PatchPlace.Remove,
            _ => throw new SchemeSyntaxException(
                "LK0029",
                word.Span,
                $"'{word.Text}' is no way to patch",
                "in BLOCK after|before|replace|remove @label"
            ),
        };
        _tokens.ExpectMark("@");
        var label = _tokens.ExpectWord("a label");
        var body = _blocks.Read();
        if ((body.Count == 0) != (place == PatchPlace.Remove))
        {
            _tokens.Report(
                new SchemeSyntaxException(
                    "LK0030",
                    word.Span,
                    place == PatchPlace.Remove ? "'remove' takes no steps" : "the patch has no steps",
                    place == PatchPlace.Remove
                        ? "use 'replace' to put other steps there"
                        : "indent them below this line"
                )
            );
        }

        return new PatchDeclaration(block.Text, place, label.Text, body, SourceSpan.Cover(first.Span, label.Span));
    }
}
