using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Syntax;

public sealed partial class Parser
{
    private static readonly string[] s_stepWords =
    [
        "alloc",
        "assert",
        "body",
        "break",
        "call",
        "cas",
        "clobber",
        "dc",
        "discover",
        "drain",
        "dsb",
        "either",
        "eret",
        "exception",
        "flush",
        "for",
        "free",
        "guest",
        "ic",
        "inherit",
        "interrupt",
        "iret",
        "isb",
        "kick",
        "linger",
        "mask",
        "repeat",
        "restore",
        "rmw",
        "run",
        "save",
        "section",
        "select",
        "send",
        "serialize",
        "skip",
        "smp_mb",
        "smp_rmb",
        "smp_wmb",
        "step",
        "sysret",
        "tlbi",
        "together",
        "touch",
        "unmap",
        "unmask",
        "use",
        "wait",
        "wfi",
        "when",
        "write",
        "x86_exception",
    ];

    /// <summary>Words that begin a step.</summary>
    internal static IReadOnlyList<string> StepWords => s_stepWords;

    private Step LabelledStep(out bool ownsLineEnd)
    {
        string? label = null;
        if (TakeMark("@"))
            label = ExpectWord("the label's name").Text;
        var start = Peek.Span;
        var step = ReadStep(out ownsLineEnd);
        if (!ownsLineEnd)
        {
            step = step with { Span = SourceSpan.Cover(start, _tokens[_position - 1].Span) };
            if (TakeWord("is"))
                step = step with { Kernel = ExpectString("what the step is in the kernel's source").Text };
        }

        if (!ownsLineEnd && AtWord("when"))
        {
            Next();
            var condition = ReadExpression();
            var order = OrderOf(MemoryOrder.Relaxed, MemoryOrder.Acquire);
            step = new WhenStep(condition, order, [step], [], step.Span);
        }

        return label is null ? step : step with { Label = label };
    }

    private Step ReadStep(out bool ownsLineEnd)
    {
        ownsLineEnd = false;
        var first = Peek;
        if (first.Kind != TokenKind.Word)
            throw Unexpected("a step");
        if (Ahead(1) is { Kind: TokenKind.Mark, Text: ":=" or "[" })
            return ReadAssign();
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
                Next();
                return new RepeatStep(Block(), first.Span);
            case "for":
                ownsLineEnd = true;
                return ReadFor();
            case "section":
                ownsLineEnd = true;
                Next();
                var textClass = ExpectWord("a class of text").Text;
                return new SectionStep(textClass, Block(), first.Span);
            case "together":
                ownsLineEnd = true;
                Next();
                return new TogetherStep(Block(), first.Span);
            default:
                Next();
                return ReadSimple(first) ?? throw NotAStep(first);
        }
    }

    private static SyntaxError NotAStep(Token word) =>
        word.Text is "else" or "or"
            ? new SyntaxError(
                "LK0014",
                word.Span,
                $"'{word.Text}' has no {(word.Text == "else" ? "when" : "either")} above it",
                "align it with the line that it belongs to"
            )
            : new SyntaxError(
                "LK0015",
                word.Span,
                $"'{word.Text}' is not a step",
                Suggestion.For(word.Text, s_stepWords)
                    ?? "an assignment is written 'name := value', other code 'step name'"
            );

    private Step? ReadSimple(Token first) =>
        first.Text switch
        {
            "isb" => new SyncStep(SyncKind.Isb, first.Span),
            "exception" => new SyncStep(SyncKind.Exception, first.Span),
            "eret" => new SyncStep(SyncKind.Eret, first.Span),
            "x86_exception" => new SyncStep(SyncKind.X86Exception, first.Span),
            "iret" => new SyncStep(SyncKind.Iret, first.Span),
            "sysret" => new SyncStep(SyncKind.Sysret, first.Span),
            "serialize" => new SyncStep(SyncKind.Serialize, first.Span),
            "smp_mb" => new FenceStep(FenceKind.SmpMb, first.Span),
            "smp_rmb" => new FenceStep(FenceKind.SmpRmb, first.Span),
            "smp_wmb" => new FenceStep(FenceKind.SmpWmb, first.Span),
            "dsb" => new FenceStep(FenceKind.Dsb, first.Span),
            "break" => new BreakStep(first.Span),
            "skip" => new AnswerStep(true, first.Span),
            "interrupt" => new AnswerStep(false, first.Span),
            "wfi" => new RestStep(RestKind.Wfi, "wfi", first.Span),
            "guest" => new RestStep(RestKind.Guest, "guest", first.Span),
            "linger" => new RestStep(RestKind.Linger, ExpectString("what it waits for").Text, first.Span),
            "body" => new CodeStep(CodeStepKind.Body, "ordinary kernel code", true, first.Span),
            "step" => new CodeStep(CodeStepKind.Plain, ReadCodeName(), false, first.Span),
            "run" => new CodeStep(CodeStepKind.Site, ReadCodeName(), false, first.Span),
            "mask" => new MaskStep(true, ReadMasks(), first.Span),
            "unmask" => new MaskStep(false, ReadMasks(), first.Span),
            "inherit" => ReadInherit(first),
            "save" => new RegisterStep(RegisterStepKind.Save, ReadRegisters(), first.Span),
            "restore" => new RegisterStep(RegisterStepKind.Restore, ReadRegisters(), first.Span),
            "clobber" => new RegisterStep(RegisterStepKind.Clobber, ReadRegisters(), first.Span),
            "use" => TakeWord("rcu")
                ? new CodeStep(
                    CodeStepKind.Rcu,
                    Peek.Kind == TokenKind.String ? Next().Text : "rcu_read_lock",
                    true,
                    first.Span
                )
                : new RegisterStep(RegisterStepKind.Use, ReadRegisters(), first.Span),
            "alloc" => ReadAssign() with { Lifetime = Lifetime.Alloc },
            "drain" => ReadDrain(),
            "free" => ReadFree(),
            "unmap" => new MappingStep(MappingStepKind.Unmap, ReadName(), first.Span),
            "tlbi" => new MappingStep(MappingStepKind.Broadcast, ReadName(), first.Span),
            "flush" => new MappingStep(MappingStepKind.Flush, ReadName(), first.Span),
            "touch" => new MappingStep(MappingStepKind.Touch, ReadName(), first.Span),
            "write" => ReadWrite(first),
            "dc" => new TextStep(TextStepKind.CleanData, ReadName(), null, first.Span),
            "ic" => new TextStep(TextStepKind.InvalidateInstruction, ReadName(), null, first.Span),
            "call" => ReadCall(first),
            "rmw" => ReadRmw(first),
            "cas" => ReadCas(first),
            "wait" => new WaitStep(ReadExpression(), OrderOf(MemoryOrder.Relaxed, MemoryOrder.Acquire), first.Span),
            "discover" => ReadDiscover(first),
            "send" => ReadSend(first),
            "select" => ReadSelect(first),
            "kick" => ReadKick(first),
            "assert" => ReadAssert(first),
            _ => null,
        };

    private AssignStep ReadAssign()
    {
        var target = ReadName();
        ExpectMark(":=");
        var value = ReadExpression();
        return new AssignStep(
            target,
            value,
            OrderOf(MemoryOrder.Relaxed, MemoryOrder.Acquire, MemoryOrder.Release),
            target.Span
        );
    }

    private AssignStep ReadDrain()
    {
        var step = ReadAssign();
        return step.Value is NameExpression
            ? step with
            {
                Lifetime = Lifetime.Drain,
            }
            : throw new SyntaxError(
                "LK0031",
                step.Value.Span,
                "'drain' takes the contents of one variable",
                "write drain p := x"
            );
    }

    // What it stores is never seen: whoever reads it violates S3.
    private AssignStep ReadFree()
    {
        var target = ReadName();
        return new AssignStep(target, new NumberExpression(0, target.Span), MemoryOrder.Relaxed, target.Span)
        {
            Lifetime = Lifetime.Free,
        };
    }

    private WhenStep ReadWhen()
    {
        var start = Next().Span;
        var condition = ReadExpression();
        var order = OrderOf(MemoryOrder.Relaxed, MemoryOrder.Acquire);
        var then = Block();
        List<Step> otherwise = [];
        if (AtWord("else"))
        {
            Next();
            otherwise = Block();
        }

        return new WhenStep(condition, order, then, otherwise, SourceSpan.Cover(start, condition.Span));
    }

    private EitherStep ReadEither()
    {
        var start = Next().Span;
        var branches = new List<IReadOnlyList<Step>> { Block() };
        while (TakeWord("or"))
            branches.Add(Block());
        if (branches.Count < 2)
        {
            Report(
                new SyntaxError(
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
        var start = Next().Span;
        var variable = ExpectWord("the name of the CPU").Text;
        ExpectKeyword("in");
        var set = ReadExpression();
        var anyOrder = false;
        if (TakeWord("any"))
        {
            ExpectKeyword("order");
            anyOrder = true;
        }

        var body = Block();
        return new ForStep(variable, set, anyOrder, body, SourceSpan.Cover(start, set.Span));
    }

    private string ReadCodeName() =>
        Peek.Kind == TokenKind.String ? Next().Text : ExpectWord("a name for this code").Text;

    private InheritMasksStep ReadInherit(Token first)
    {
        ExpectKeyword("masks");
        return new InheritMasksStep(first.Span);
    }

    private ExceptionMasks ReadMasks()
    {
        var masks = ExceptionMasks.None;
        while (Peek.Kind == TokenKind.Word && Peek.Text != "when")
        {
            var word = Next();
            foreach (var letter in word.Text)
            {
                masks |= letter switch
                {
                    'D' => ExceptionMasks.D,
                    'A' => ExceptionMasks.A,
                    'I' => ExceptionMasks.I,
                    'F' => ExceptionMasks.F,
                    _ => throw new SyntaxError(
                        "LK0017",
                        word.Span,
                        $"'{word.Text}' is no mask of PSTATE",
                        "the masks are D (debug), A (SError), I (IRQ) and F (FIQ)"
                    ),
                };
            }
        }

        return masks != ExceptionMasks.None ? masks : throw Unexpected("D, A, I or F");
    }

    private RegisterSet ReadRegisters()
    {
        var set = RegisterSet.Empty;
        while (Peek.Kind == TokenKind.Word && Peek.Text is not ("when" or "uses"))
        {
            var low = Register();
            var high = TakeMark("-") ? Register() : low;
            for (var n = low; n <= high; n++)
                set = set.Union(new RegisterSet(1u << n));
            TakeMark(",");
        }

        return set.IsEmpty ? throw Unexpected("registers", "for example x0-x7 x16") : set;
    }

    private int Register()
    {
        var word = ExpectWord("a register");
        if (
            word.Text.Length is 2 or 3
            && word.Text[0] == 'x'
            && int.TryParse(word.Text.AsSpan(1), out var n)
            && n is >= 0 and <= 30
        )
        {
            return n;
        }

        throw new SyntaxError(
            "LK0018",
            word.Span,
            $"'{word.Text}' is not a general register",
            "the registers are x0 to x30; a range is written x0-x7"
        );
    }

    private TextStep ReadWrite(Token first)
    {
        var site = ReadName();
        var textClass = TakeWord("as") ? ExpectWord("a class of text").Text : null;
        return new TextStep(TextStepKind.Write, site, textClass, first.Span);
    }

    private CallStep ReadCall(Token first)
    {
        var opaque = Peek.Kind == TokenKind.String;
        var name = opaque ? Next().Text : ExpectWord("a routine").Text;
        var clobbers = RegisterSet.Empty;
        var usesRcu = false;
        while (true)
        {
            if (TakeWord("clobbers"))
            {
                clobbers = clobbers.Union(ReadRegisters());
            }
            else if (TakeWord("uses"))
            {
                ExpectKeyword("rcu");
                usesRcu = true;
            }
            else
            {
                return new CallStep(
                    name,
                    opaque,
                    clobbers,
                    usesRcu,
                    SourceSpan.Cover(first.Span, _tokens[_position - 1].Span)
                );
            }
        }
    }

    private RmwStep ReadRmw(Token first)
    {
        var target = ReadName();
        NameExpression? result = null;
        ExpectMark(":=");
        var value = ReadExpression();
        if (AtMark(":="))
        {
            if (value is not NameExpression inner)
            {
                throw new SyntaxError(
                    "LK0019",
                    value.Span,
                    "the middle of 'rmw old := x := value' is the variable in memory",
                    null
                );
            }

            Next();
            result = target;
            target = inner;
            value = ReadExpression();
        }

        var order =
            TakeOrder()
            ?? throw new SyntaxError(
                "LK0020",
                first.Span,
                "an atomic without its ordering",
                "end it with relaxed, acquire, release or full; a value-returning atomic of the kernel without suffix is full"
            );
        return new RmwStep(result, target, value, order, ReadForm(), first.Span);
    }

    private CasStep ReadCas(Token first)
    {
        var result = ReadName();
        ExpectMark(":=");
        var target = ReadName();
        ExpectMark(":");
        var old = ReadExpression();
        ExpectMark("->");
        var value = ReadExpression();
        var order =
            TakeOrder()
            ?? throw new SyntaxError(
                "LK0020",
                first.Span,
                "an atomic without its ordering",
                "end it with relaxed, acquire, release or full"
            );
        return new CasStep(result, target, old, value, order, ReadForm(), first.Span);
    }

    private AtomicForm ReadForm()
    {
        if (!TakeWord("via"))
            return AtomicForm.Default;
        var word = ExpectWord("lse or llsc");
        return word.Text switch
        {
            "lse" => AtomicForm.Lse,
            "llsc" => AtomicForm.LlSc,
            _ => throw new SyntaxError(
                "LK0021",
                word.Span,
                $"'{word.Text}' is no way to build an atomic",
                "via lse (one instruction) or via llsc (a load-exclusive, store-exclusive loop)"
            ),
        };
    }

    private DiscoverStep ReadDiscover(Token first)
    {
        var result = ReadName();
        var inOrder = TakeWord("in");
        if (inOrder)
            ExpectKeyword("order");
        return new DiscoverStep(result, inOrder, first.Span);
    }

    private SendStep ReadSend(Token first)
    {
        var message = ExpectWord("a message").Text;
        ExpectKeyword("to");
        return new SendStep(message, ReadExpression(), first.Span);
    }

    private SelectStep ReadSelect(Token first)
    {
        var cpu = ReadExpression();
        ExpectKeyword("into");
        var mask = ReadName();
        ExpectKeyword("by");
        return new SelectStep(cpu, mask, ExpectWord("a policy").Text, first.Span);
    }

    private KickStep ReadKick(Token first)
    {
        var name = ExpectWord("a kick").Text;
        var returns = new List<NameExpression>();
        if (TakeWord("returns"))
        {
            do returns.Add(ReadName());
            while (TakeMark(","));
        }

        return new KickStep(name, returns, first.Span);
    }

    private AssertStep ReadAssert(Token first)
    {
        var condition = ReadExpression();
        ExpectKeyword("for");
        var property = ExpectWord("a property").Text;
        return new AssertStep(condition, property, ExpectString("what its violation means").Text, first.Span);
    }
}
