using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Syntax;

/// <summary>Reads steps that are no control flow.</summary>
internal sealed class StepParser(
    TokenCursor tokens,
    ExpressionParser expressions,
    MemoryOrderParser orders,
    AccessParser accesses
)
{
    private readonly RegisterParser _registers = new(tokens);

    /// <summary>Reads the rest of the step that begins with a word; null if the word begins none.</summary>
    public Step? Read(Token first) =>
        first.Text switch
        {
            "isb" => new SyncStep(SyncKind.Isb, first.Span),
            "exception" => new SyncStep(SyncKind.Exception, first.Span),
            "eret" => new SyncStep(SyncKind.Eret, first.Span),
            "x86_exception" => new SyncStep(SyncKind.X86Exception, first.Span),
            "iret" => new SyncStep(SyncKind.Iret, first.Span),
            "sysret" => new SyncStep(SyncKind.Sysret, first.Span),
            "serialize" => new SyncStep(SyncKind.Serialize, first.Span),
            "trap" => new SyncStep(SyncKind.X86Exception, first.Span),
            "sret" or "mret" or "ertn" => new SyncStep(SyncKind.Sysret, first.Span),
            "fence_i" or "ibar" => new SyncStep(SyncKind.Serialize, first.Span),
            "smp_mb" => new FenceStep(FenceKind.SmpMb, first.Span),
            "smp_rmb" => new FenceStep(FenceKind.SmpRmb, first.Span),
            "smp_wmb" => new FenceStep(FenceKind.SmpWmb, first.Span),
            "dsb" => new FenceStep(FenceKind.Dsb, first.Span),
            "break" => new BreakStep(first.Span),
            "skip" => new AnswerStep(true, first.Span),
            "interrupt" => new AnswerStep(false, first.Span),
            "wfi" => new RestStep(RestKind.Wfi, "wfi", first.Span),
            "guest" => new RestStep(RestKind.Guest, "guest", first.Span),
            "linger" => new RestStep(RestKind.Linger, tokens.ExpectString("what it waits for"), first.Span),
            "body" => new CodeStep(CodeStepKind.Body, "ordinary kernel code", true, first.Span),
            "step" => new CodeStep(CodeStepKind.Plain, ReadCodeName(), false, first.Span),
            "run" => new CodeStep(CodeStepKind.Site, ReadCodeName(), false, first.Span),
            "mask" => new MaskStep(true, _registers.ReadMasks(), first.Span),
            "unmask" => new MaskStep(false, _registers.ReadMasks(), first.Span),
            "inherit" => ReadInherit(first),
            "save" => new RegisterStep(RegisterStepKind.Save, _registers.ReadRegisters(), first.Span),
            "restore" => new RegisterStep(RegisterStepKind.Restore, _registers.ReadRegisters(), first.Span),
            "clobber" => new RegisterStep(RegisterStepKind.Clobber, _registers.ReadRegisters(), first.Span),
            "use" => tokens.TakeWord("rcu")
                ? new CodeStep(
                    CodeStepKind.Rcu,
                    tokens.Peek.Kind == TokenKind.String ? tokens.Next().Text : "rcu_read_lock",
                    true,
                    first.Span
                )
                : new RegisterStep(RegisterStepKind.Use, _registers.ReadRegisters(), first.Span),
            "alloc" => accesses.ReadAssign() with { Lifetime = Lifetime.Alloc },
            "drain" => accesses.ReadDrain(),
            "free" => accesses.ReadFree(),
            "lock" => ReadLock(first),
            "take" => accesses.ReadTake(first),
            "disable" => new SwitchStep(false, ReadInterrupt(), first.Span),
            "enable" => new SwitchStep(true, ReadInterrupt(), first.Span),
            "unlock" => new UnlockStep(expressions.ReadName(), first.Span),
            "unmap" => new MappingStep(MappingStepKind.Unmap, expressions.ReadName(), first.Span),
            "tlbi" => new MappingStep(MappingStepKind.Broadcast, expressions.ReadName(), first.Span),
            "flush" => new MappingStep(MappingStepKind.Flush, expressions.ReadName(), first.Span),
            "touch" => new MappingStep(MappingStepKind.Touch, expressions.ReadName(), first.Span),
            "write" => ReadWrite(first),
            "dc" => new TextStep(TextStepKind.CleanData, expressions.ReadName(), null, first.Span),
            "ic" => new TextStep(TextStepKind.InvalidateInstruction, expressions.ReadName(), null, first.Span),
            "call" => ReadCall(first),
            "rmw" => accesses.ReadRmw(first),
            "cas" => accesses.ReadCas(first),
            "wait" => ReadWait(first),
            "discover" => ReadDiscover(first),
            "send" => ReadSend(first),
            "select" => ReadSelect(first),
            "kick" => ReadKick(first),
            "assert" => ReadAssert(first),
            _ => null,
        };

    private string ReadCodeName() =>
        tokens.Peek.Kind == TokenKind.String ? tokens.Next().Text : tokens.ExpectWord("a name for this code").Text;

    private InheritMasksStep ReadInherit(Token first)
    {
        tokens.ExpectKeyword("masks");
        return new InheritMasksStep(first.Span);
    }

    private Step ReadLock(Token first)
    {
        var name = expressions.ReadName();
        var taken = new LockStep(name, SourceSpan.Cover(first.Span, tokens.Previous.Span));
        return tokens.TakeWord("irqsave")
            ? new SequenceStep(
                [new IrqSaveStep(name, SourceSpan.Cover(first.Span, tokens.Previous.Span)), taken],
                first.Span
            )
            : taken;
    }

    private string ReadInterrupt() => tokens.ExpectWord("a message, or device").Text;

    private TextStep ReadWrite(Token first)
    {
        var site = expressions.ReadName();
        var textClass = tokens.TakeWord("as") ? tokens.ExpectWord("a class of text").Text : null;
        return new TextStep(TextStepKind.Write, site, textClass, first.Span);
    }

    private CallStep ReadCall(Token first)
    {
        var opaque = tokens.Peek.Kind == TokenKind.String;
        var name = opaque ? tokens.Next().Text : tokens.ExpectWord("a routine").Text;
        var arguments = opaque ? [] : expressions.ReadArguments();
        var clobbers = RegisterSet.Empty;
        var usesRcu = false;
        while (true)
        {
            if (tokens.TakeWord("clobbers"))
            {
                clobbers = clobbers.Union(_registers.ReadRegisters());
            }
            else if (tokens.TakeWord("uses"))
            {
                tokens.ExpectKeyword("rcu");
                usesRcu = true;
            }
            else
            {
                var span = SourceSpan.Cover(first.Span, tokens.Previous.Span);
                return new CallStep(name, opaque, clobbers, usesRcu, span) { Arguments = arguments };
            }
        }
    }

    private WaitStep ReadWait(Token first)
    {
        var condition = expressions.Read();
        return new WaitStep(condition, orders.TakeOneOf(MemoryOrder.Relaxed, MemoryOrder.Acquire), first.Span);
    }

    private DiscoverStep ReadDiscover(Token first)
    {
        var result = expressions.ReadName();
        var inOrder = tokens.TakeWord("in");
        if (inOrder)
            tokens.ExpectKeyword("order");
        return new DiscoverStep(result, inOrder, first.Span);
    }

    private SendStep ReadSend(Token first)
    {
        var message = tokens.ExpectWord("a message").Text;
        tokens.ExpectKeyword("to");
        return new SendStep(message, expressions.Read(), first.Span);
    }

    private SelectStep ReadSelect(Token first)
    {
        var cpu = expressions.Read();
        tokens.ExpectKeyword("into");
        var mask = expressions.ReadName();
        tokens.ExpectKeyword("by");
        var policy = tokens.ExpectWord("a policy").Text;
        return new SelectStep(cpu, mask, policy, first.Span) { Arguments = expressions.ReadArguments() };
    }

    private KickStep ReadKick(Token first)
    {
        var name = tokens.ExpectWord("a kick").Text;
        var returns = new List<NameExpression>();
        if (tokens.TakeWord("returns"))
        {
            do returns.Add(expressions.ReadName());
            while (tokens.TakeMark(","));
        }

        return new KickStep(name, returns, first.Span);
    }

    private AssertStep ReadAssert(Token first)
    {
        var condition = expressions.Read();
        tokens.ExpectKeyword("for");
        var property = tokens.ExpectWord("a property").Text;
        return new AssertStep(condition, property, tokens.ExpectString("what its violation means"), first.Span);
    }
}
