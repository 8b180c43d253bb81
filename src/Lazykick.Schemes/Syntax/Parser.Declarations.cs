using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Syntax;

public sealed partial class Parser
{
    private static readonly string[] s_declarationWords =
    [
        "arch",
        "assume",
        "base",
        "cpus",
        "ghost",
        "in",
        "include",
        "kernel",
        "kick",
        "knob",
        "mapping",
        "message",
        "override",
        "pairwise",
        "path",
        "percpu",
        "place",
        "policy",
        "private",
        "promises",
        "role",
        "routine",
        "scheme",
        "set",
        "shared",
        "source",
        "state",
        "text",
    ];

    /// <summary>Words that begin a declaration.</summary>
    internal static IReadOnlyList<string> DeclarationWords => s_declarationWords;

    private List<Declaration> File()
    {
        var declarations = new List<Declaration>();
        while (Peek.Kind != TokenKind.End)
        {
            try
            {
                if (Peek.Kind is TokenKind.NewLine or TokenKind.Dedent)
                {
                    Next();
                }
                else if (Peek.Kind == TokenKind.Indent)
                {
                    throw new SyntaxError(
                        "LK0013",
                        Peek.Span,
                        "an indented block with nothing above it that takes one",
                        "declarations start in the first column"
                    );
                }
                else
                {
                    declarations.Add(ReadDeclaration());
                }
            }
            catch (SyntaxError error)
            {
                Report(error);
                _depth = 0;
                SkipLine();
            }
        }

        return declarations;
    }

    private Declaration ReadDeclaration()
    {
        var first = ExpectWord("a declaration");
        switch (first.Text)
        {
            case "scheme" or "base":
                return ReadHeader(first);
            case "arch" or "kernel":
                return Line(new FactDeclaration(first.Text, ExpectWord("a name").Text, first.Span));
            case "source":
                return Line(new FactDeclaration(first.Text, ExpectString("the source").Text, first.Span));
            case "include":
                var included = ExpectFileName("the name of a file");
                return Line(new IncludeDeclaration(included.Text, included.Span));
            case "assume":
                var assumption = ExpectString("the assumption").Text;
                return Line(new AssumeDeclaration(assumption, TakeWord("when") ? ReadExpression() : null, first.Span));
            case "promises":
                return Line(new PromiseDeclaration(Words("a property"), first.Span));
            case "knob":
                return ReadKnob();
            case "set":
                var knob = ExpectWord("a knob");
                ExpectMark("=");
                return Line(new SetDeclaration(knob.Text, ExpectWord("one of its values").Text, knob.Span));
            case "percpu" when AtWord("text"):
                Next();
                return ReadText(true, first.Span);
            case "text":
                return ReadText(false, first.Span);
            case "shared":
                return ReadVariable(Storage.Shared);
            case "percpu":
                return ReadVariable(Storage.PerCpu);
            case "pairwise":
                return ReadVariable(Storage.Pairwise);
            case "private":
                return ReadVariable(Storage.Private);
            case "ghost":
                return ReadVariable(Storage.Ghost);
            case "place":
                var place = ExpectWord("a place");
                return Line(new PlaceDeclaration(place.Text, place.Span));
            case "message":
                var message = ExpectWord("a message");
                return Line(new MessageDeclaration(message.Text, message.Span));
            case "mapping":
                var mapping = ExpectWord("a mapping");
                return Line(new MappingDeclaration(mapping.Text, mapping.Span));
            case "state":
                var state = ExpectWord("a state");
                ExpectMark("=");
                return Line(new StateDeclaration(state.Text, ReadExpression(), state.Span));
            case "cpus":
                return Line(new CastDeclaration(Words("a role"), first.Span));
            case "in":
                return ReadPatch(first);
            case "override":
                return ReadBlockDeclaration(ExpectWord("role, routine, path, kick or policy"), true);
            default:
                return ReadBlockDeclaration(first, false);
        }
    }

    private Declaration ReadBlockDeclaration(Token first, bool replaces)
    {
        switch (first.Text)
        {
            case "role":
                return ReadRole(replaces);
            case "routine":
                var routine = ExpectWord("a routine");
                return new RoutineDeclaration(routine.Text, Block(), replaces, routine.Span);
            case "kick":
                var kick = ExpectWord("a kick");
                return new KickDeclaration(kick.Text, Block(), replaces, kick.Span);
            case "path":
                return ReadPath(replaces);
            case "policy":
                return ReadPolicy(replaces);
            default:
                throw new SyntaxError(
                    "LK0022",
                    first.Span,
                    $"'{first.Text}' is not a declaration",
                    Suggestion.For(first.Text, s_declarationWords)
                        ?? "a file holds scheme, include, knob, variables, text, role, routine, path, kick and policy"
                );
        }
    }

    private T Line<T>(T declaration)
        where T : Declaration
    {
        EndOfLine();
        if (Peek.Kind == TokenKind.Indent)
            throw new SyntaxError("LK0013", Peek.Span, "a block stands below a declaration that takes none", null);
        return declaration;
    }

    private List<Token> Words(string what)
    {
        var words = new List<Token> { ExpectWord(what) };
        while (TakeMark(",") || Peek.Kind == TokenKind.Word)
            words.Add(ExpectWord(what));
        return words;
    }

    /// <summary>A name that is a file's, too: it may hold hyphens, as in arm64-rcu or v2-3.</summary>
    private (string Text, SourceSpan Span) ExpectFileName(string what)
    {
        var first = ExpectWord(what);
        var last = first;
        while (
            AtMark("-")
            && Touches(last, Peek)
            && Ahead(1).Kind is TokenKind.Word or TokenKind.Number
            && Touches(Peek, Ahead(1))
        )
        {
            Next();
            last = Next();
        }

        var span = SourceSpan.Cover(first.Span, last.Span);
        return (span.Text, span);

        static bool Touches(Token left, Token right) => left.Span.Start + left.Span.Length == right.Span.Start;
    }

    private HeaderDeclaration ReadHeader(Token first)
    {
        var name = ExpectFileName("its name");
        var title = Peek.Kind == TokenKind.String ? Next().Text : "";
        return Line(new HeaderDeclaration(name.Text, title, first.Text == "base", name.Span));
    }

    private KnobDeclaration ReadKnob()
    {
        var name = ExpectWord("a knob");
        List<string> values = ["off", "on"];
        if (TakeMark(":"))
        {
            values = [ExpectWord("a value").Text];
            while (TakeMark("|"))
                values.Add(ExpectWord("a value").Text);
        }

        ExpectMark("=");
        var initial = ExpectWord("the value that holds without --set");
        var index = values.IndexOf(initial.Text);
        if (index < 0)
        {
            throw new SyntaxError(
                "LK0023",
                initial.Span,
                $"'{initial.Text}' is not a value of knob '{name.Text}'",
                $"its values: {string.Join(", ", values)}"
            );
        }

        return Line(new KnobDeclaration(name.Text, values, index, name.Span));
    }

    private TextDeclaration ReadText(bool perCpu, SourceSpan span)
    {
        var name = ExpectWord("a text location");
        var classes = new List<string>();
        if (TakeMark(":"))
        {
            do classes.Add(ExpectWord("a class of text").Text);
            while (TakeMark("|"));
        }

        return Line(new TextDeclaration(name.Text, perCpu, classes, span));
    }

    private VariableDeclaration ReadVariable(Storage storage)
    {
        var name = ExpectWord("a variable");
        if (!TakeMark(":"))
            throw Unexpected("':' and a type", "for example: percpu watching : bit = 1");
        var type = ReadType();
        var initial = TakeMark("=") ? ReadExpression() : null;
        return Line(new VariableDeclaration(storage, name.Text, type, initial, name.Span));
    }

    private VariableType ReadType()
    {
        if (Peek.Kind == TokenKind.Number)
        {
            var low = Next();
            ExpectMark("..");
            var high = Peek.Kind == TokenKind.Number ? Next() : throw Unexpected("the highest value");
            if (Number(high) < Number(low))
                throw new SyntaxError("LK0024", high.Span, "the range is empty", "the lower bound stands first");
            return new RangeType(Number(low), Number(high));
        }

        var word = ExpectWord("bit, a range such as 0..3, set, irq, or names divided by '|'");
        if (!AtMark("|"))
        {
            return word.Text switch
            {
                "bit" => VariableType.Bit,
                "set" => new SetType(),
                "irq" => new IrqType(),
                _ => throw new SyntaxError(
                    "LK0025",
                    word.Span,
                    $"'{word.Text}' is not a type",
                    Suggestion.For(word.Text, ["bit", "set", "irq"])
                        ?? "a type is bit, a range such as 0..3, set, irq, or names divided by '|'"
                ),
            };
        }

        var names = new List<string> { word.Text };
        while (TakeMark("|"))
            names.Add(ExpectWord("a name").Text);
        return new EnumType(names);
    }

    private RoleDeclaration ReadRole(bool replaces)
    {
        var name = ExpectWord("a role");
        TakeMark(":");
        EndOfLine();
        List<Token> flags = [];
        List<(Token, Expression?)> starts = [],
            takes = [];
        if (Peek.Kind == TokenKind.Indent)
        {
            Next();
            while (Peek.Kind is not (TokenKind.Dedent or TokenKind.End))
            {
                try
                {
                    ReadRoleLine(flags, starts, takes);
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
        }

        return new RoleDeclaration(name.Text, flags, starts, takes, replaces, name.Span);
    }

    private void ReadRoleLine(List<Token> flags, List<(Token, Expression?)> starts, List<(Token, Expression?)> takes)
    {
        var word = ExpectWord("is, starts or takes");
        var items = word.Text switch
        {
            "is" => Names(),
            "starts" => Names(),
            "takes" => Names(),
            _ => throw new SyntaxError(
                "LK0026",
                word.Span,
                $"'{word.Text}' says nothing about a role",
                "a role has lines 'is FLAG', 'starts PLACE' and 'takes PATH, PATH [when knobs]'"
            ),
        };
        var condition = TakeWord("when") ? ReadExpression() : null;
        EndOfLine();
        foreach (var item in items)
        {
            if (word.Text == "is")
                flags.Add(item);
            else
                (word.Text == "starts" ? starts : takes).Add((item, condition));
        }

        List<Token> Names()
        {
            var names = new List<Token> { ExpectWord("a name") };
            while (TakeMark(",") || (Peek.Kind == TokenKind.Word && Peek.Text != "when"))
                names.Add(ExpectWord("a name"));
            return names;
        }
    }

    private PathDeclaration ReadPath(bool replaces)
    {
        var name = ExpectWord("a path");
        var trigger = Trigger.Own;
        if (TakeWord("on"))
        {
            var word = ExpectWord("irq, debug, brk, serror or nmi");
            trigger = word.Text switch
            {
                "irq" => Trigger.Irq,
                "debug" => Trigger.Debug,
                "brk" => Trigger.Brk,
                "serror" => Trigger.SError,
                "nmi" => Trigger.Nmi,
                _ => throw new SyntaxError(
                    "LK0027",
                    word.Span,
                    $"'{word.Text}' does not bring a CPU into a path",
                    "on irq, debug, brk, serror or nmi; a path without 'on' is taken at the CPU's own will"
                ),
            };
        }

        if (!TakeWord("from"))
            throw Unexpected("'from' and a place", "for example: path el0_svc from user");
        var from = ExpectWord("a place, or kernel");
        return new PathDeclaration(name.Text, trigger, from.Text, Block(), replaces, name.Span);
    }

    private PolicyDeclaration ReadPolicy(bool replaces)
    {
        var name = ExpectWord("a policy");
        List<Token> serves = [];
        if (TakeWord("serves"))
            serves = Words("a kick");
        TakeMark(":");
        EndOfLine();
        var variable = "t";
        Expression? skip = null,
            trace = null;
        List<Step>? ask = null;
        var order = MemoryOrder.Relaxed;
        if (Peek.Kind == TokenKind.Indent)
        {
            Next();
            while (Peek.Kind is not (TokenKind.Dedent or TokenKind.End))
            {
                try
                {
                    var word = ExpectWord("skip, ask or trace");
                    switch (word.Text)
                    {
                        case "skip":
                            variable = ExpectWord("the name of the CPU asked about").Text;
                            ExpectKeyword("when");
                            skip = ReadExpression();
                            order = OrderOf(MemoryOrder.Relaxed, MemoryOrder.Acquire);
                            EndOfLine();
                            break;
                        case "ask":
                            variable = ExpectWord("the name of the CPU asked about").Text;
                            ask = Block();
                            break;
                        case "trace":
                            ExpectKeyword("skip");
                            ExpectKeyword("when");
                            trace = ReadExpression();
                            EndOfLine();
                            break;
                        default:
                            throw new SyntaxError(
                                "LK0028",
                                word.Span,
                                $"'{word.Text}' says nothing about a policy",
                                "a policy has 'skip t when ...' or 'ask t:' with steps, and 'trace skip when ...'"
                            );
                    }
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
        }

        return new PolicyDeclaration(name.Text, serves, variable, skip, order, ask, trace, replaces, name.Span);
    }

    private PatchDeclaration ReadPatch(Token first)
    {
        var block = ExpectWord("a routine, path or kick");
        var word = ExpectWord("after, before, replace or remove");
        var place = word.Text switch
        {
            "after" => PatchPlace.After,
            "before" => PatchPlace.Before,
            "replace" => PatchPlace.Replace,
            "remove" => PatchPlace.Remove,
            _ => throw new SyntaxError(
                "LK0029",
                word.Span,
                $"'{word.Text}' is no way to patch",
                "in BLOCK after|before|replace|remove @label"
            ),
        };
        ExpectMark("@");
        var label = ExpectWord("a label");
        var body = Block();
        if ((body.Count == 0) != (place == PatchPlace.Remove))
        {
            Report(
                new SyntaxError(
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
