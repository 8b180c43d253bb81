using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Syntax;

/// <summary>One step of a routine, path or kick, as written.</summary>
/// <param name="Span">Where it is written, without its block.</param>
public abstract record Step(SourceSpan Span)
{
    /// <summary>The label written before it as <c>@name</c>, or null. Patches name steps by it.</summary>
    public string? Label { get; init; }

    /// <summary>
    /// What the step is in the source that the scheme models, written after it as <c>is "..."</c>; or null.
    /// </summary>
    public string? Kernel { get; init; }

    /// <summary>The lists of steps that it holds; none for a simple step.</summary>
    public IEnumerable<IReadOnlyList<Step>> Blocks =>
        this switch
        {
            WhenStep s => [s.Then, s.Else],
            EitherStep s => s.Branches,
            RepeatStep s => [s.Body],
            ForStep s => [s.Body],
            SectionStep s => [s.Body],
            TogetherStep s => [s.Body],
            SequenceStep s => [s.Steps],
            _ => [],
        };

    /// <summary>The same step with other lists of steps in it; a simple step is what it was.</summary>
    /// <param name="rewrite">From each of <see cref="Blocks"/> to what takes its place.</param>
    public Step WithBlocks(Func<IReadOnlyList<Step>, IReadOnlyList<Step>> rewrite)
    {
        ArgumentNullException.ThrowIfNull(rewrite);
        return this switch
        {
            WhenStep s => s with { Then = rewrite(s.Then), Else = rewrite(s.Else) },
            EitherStep s => s with { Branches = [.. s.Branches.Select(rewrite)] },
            RepeatStep s => s with { Body = rewrite(s.Body) },
            ForStep s => s with { Body = rewrite(s.Body) },
            SectionStep s => s with { Body = rewrite(s.Body) },
            TogetherStep s => s with { Body = rewrite(s.Body) },
            SequenceStep s => s with { Steps = rewrite(s.Steps) },
            _ => this,
        };
    }
}

/// <summary>
/// <c>x := e [order]</c>: a store to a variable in memory, a load into a private variable, or private arithmetic.
/// </summary>
/// <param name="Target">What is written.</param>
/// <param name="Value">What it gets.</param>
/// <param name="Order">Ordering of the access, if there is one.</param>
/// <param name="Span">Where it is written.</param>
public sealed record AssignStep(NameExpression Target, Expression Value, MemoryOrder Order, SourceSpan Span)
    : Step(Span)
{
    /// <summary>
    /// What the access means for the life of the object in memory: <c>alloc x := e</c>, <c>drain p := x</c>, <c>free
    /// x</c>.
    /// </summary>
    public Lifetime Lifetime { get; init; }

    /// <summary>The object whose life it concerns, or null.</summary>
    public NameExpression? Object =>
        Lifetime switch
        {
            Lifetime.None => null,
            Lifetime.Drain => (NameExpression)Value,
            _ => Target,
        };
}

/// <summary>
/// <c>rmw [old :=] x := e order [via form]</c>: an atomic read-modify-write; <c>e</c> may name x, its old value.
/// </summary>
/// <param name="Result">Private variable that gets the old value, or null.</param>
/// <param name="Target">The variable in memory.</param>
/// <param name="Value">Its new value.</param>
/// <param name="Order">Ordering.</param>
/// <param name="Form">How it is built, which decides what it orders.</param>
/// <param name="Span">Where it is written.</param>
public sealed record RmwStep(
    NameExpression? Result,
    NameExpression Target,
    Expression Value,
    MemoryOrder Order,
    AtomicForm Form,
    SourceSpan Span
) : Step(Span);

/// <summary><c>cas ok := x : old -> new order [via form]</c>: compare and exchange.</summary>
/// <param name="Result">Private variable that becomes 1 if x was <paramref name="Old"/>, else 0.</param>
/// <param name="Target">The variable in memory.</param>
/// <param name="Old">Expected value.</param>
/// <param name="New">New value.</param>
/// <param name="Order">Ordering when it succeeds; a failed one orders nothing.</param>
/// <param name="Form">How it is built.</param>
/// <param name="Span">Where it is written.</param>
public sealed record CasStep(
    NameExpression Result,
    NameExpression Target,
    Expression Old,
    Expression New,
    MemoryOrder Order,
    AtomicForm Form,
    SourceSpan Span
) : Step(Span);

/// <summary>
/// <c>lock L</c>: goes on once nobody holds the lock, and takes it in the same move; acquires.
/// </summary>
/// <param name="Lock">A variable of type <c>lock</c>.</param>
/// <param name="Span">Where it is written.</param>
public sealed record LockStep(NameExpression Lock, SourceSpan Span) : Step(Span);

/// <summary>
/// The <c>irqsave</c> of <c>lock L irqsave</c>, a step before it: masks I, and remembers for <c>unlock L</c> whether I
/// was clear.
/// </summary>
/// <param name="Lock">The lock.</param>
/// <param name="Span">Where the word is written.</param>
public sealed record IrqSaveStep(NameExpression Lock, SourceSpan Span) : Step(Span);

/// <summary>
/// <c>unlock L</c>: gives the lock back, releases, and clears I if the lock was taken with <c>irqsave</c> and I was
/// clear before.
/// </summary>
/// <param name="Lock">A variable of type <c>lock</c>.</param>
/// <param name="Span">Where it is written.</param>
public sealed record UnlockStep(NameExpression Lock, SourceSpan Span) : Step(Span);

/// <summary>
/// <c>take e := q [order] [via form]</c>: goes on once the queue has an entry, and takes the oldest in the same move.
/// </summary>
/// <param name="Result">Private variable that gets the entry.</param>
/// <param name="Queue">A variable of type <c>queue</c>.</param>
/// <param name="Order">Ordering of the access; null if none is written, as for a private queue.</param>
/// <param name="Form">How the atomic is built.</param>
/// <param name="Span">Where it is written.</param>
public sealed record TakeStep(
    NameExpression Result,
    NameExpression Queue,
    MemoryOrder? Order,
    AtomicForm Form,
    SourceSpan Span
) : Step(Span);

/// <summary>
/// <c>disable m</c>, <c>enable m</c>: this CPU takes a message, or device interrupts, no longer or again. What is
/// pending stays so.
/// </summary>
/// <param name="Enables">True for enable.</param>
/// <param name="Interrupt">A message, or <see cref="Device"/>.</param>
/// <param name="Span">Where it is written.</param>
public sealed record SwitchStep(bool Enables, string Interrupt, SourceSpan Span) : Step(Span)
{
    /// <summary>What stands for interrupts of devices.</summary>
    public const string Device = "device";
}

/// <summary>
/// Several steps that are written as one, <c>lock L irqsave</c> or a call with values; it takes no move of its own.
/// </summary>
/// <param name="Steps">The steps.</param>
/// <param name="Span">Where it is written.</param>
public sealed record SequenceStep(IReadOnlyList<Step> Steps, SourceSpan Span) : Step(Span)
{
    /// <summary>The routine whose steps these are, with values for its parameters; or null.</summary>
    public string? Call { get; init; }
}

/// <summary>A memory barrier.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Span">Where it is written.</param>
public sealed record FenceStep(FenceKind Kind, SourceSpan Span) : Step(Span);

/// <summary>A step that concerns instruction fetch or the way in and out of the kernel.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Span">Where it is written.</param>
public sealed record SyncStep(SyncKind Kind, SourceSpan Span) : Step(Span);

/// <summary><c>write|dc|ic site</c>: modifies text, or maintains the caches for it.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Site">The text location.</param>
/// <param name="TextClass">For a write to a location with classes: the class that the patched text belongs to.</param>
/// <param name="Span">Where it is written.</param>
public sealed record TextStep(TextStepKind Kind, NameExpression Site, string? TextClass, SourceSpan Span) : Step(Span);

/// <summary>
/// <c>unmap|tlbi|flush|touch mapping</c>: changes a translation, invalidates what CPUs hold of it, or makes an access
/// through it.
/// </summary>
/// <param name="Kind">Which.</param>
/// <param name="Mapping">The mapping.</param>
/// <param name="Span">Where it is written.</param>
public sealed record MappingStep(MappingStepKind Kind, NameExpression Mapping, SourceSpan Span) : Step(Span);

/// <summary><c>mask|unmask D A I F</c>.</summary>
/// <param name="Set">True for mask.</param>
/// <param name="Classes">Which exceptions.</param>
/// <param name="Span">Where it is written.</param>
public sealed record MaskStep(bool Set, ExceptionMasks Classes, SourceSpan Span) : Step(Span);

/// <summary><c>inherit masks</c>: takes over the masks of the interrupted code.</summary>
/// <param name="Span">Where it is written.</param>
public sealed record InheritMasksStep(SourceSpan Span) : Step(Span);

/// <summary>
/// <c>call name[(values)] [clobbers x0-x18] [uses rcu]</c>. A declared routine runs in place; a name in quotes is C
/// code of which only the clauses matter.
/// </summary>
/// <param name="Name">The routine.</param>
/// <param name="Opaque">True if it was written in quotes.</param>
/// <param name="Clobbers">Registers that the call destroys.</param>
/// <param name="UsesRcu">It uses RCU.</param>
/// <param name="Span">Where it is written.</param>
public sealed record CallStep(string Name, bool Opaque, RegisterSet Clobbers, bool UsesRcu, SourceSpan Span)
    : Step(Span)
{
    /// <summary>Values for the parameters of the routine.</summary>
    public IReadOnlyList<Expression> Arguments { get; init; } = [];
}

/// <summary><c>when c: ... else: ...</c>; over knobs and role flags alone it is decided before the run.</summary>
/// <param name="Condition">The test; it reads at most one variable in memory.</param>
/// <param name="Order">Ordering of that read.</param>
/// <param name="Then">Steps if it holds.</param>
/// <param name="Else">Steps if not.</param>
/// <param name="Span">Where it is written.</param>
public sealed record WhenStep(
    Expression Condition,
    MemoryOrder Order,
    IReadOnlyList<Step> Then,
    IReadOnlyList<Step> Else,
    SourceSpan Span
) : Step(Span);

/// <summary><c>either: ... or: ...</c>: any of the branches, freely.</summary>
/// <param name="Branches">Two or more.</param>
/// <param name="Span">Where it is written.</param>
public sealed record EitherStep(IReadOnlyList<IReadOnlyList<Step>> Branches, SourceSpan Span) : Step(Span);

/// <summary><c>repeat: ...</c>, left by <c>break</c>.</summary>
/// <param name="Body">The steps.</param>
/// <param name="Span">Where it is written.</param>
public sealed record RepeatStep(IReadOnlyList<Step> Body, SourceSpan Span) : Step(Span);

/// <summary><c>break</c>: leaves the innermost <c>repeat</c>.</summary>
/// <param name="Span">Where it is written.</param>
public sealed record BreakStep(SourceSpan Span) : Step(Span);

/// <summary><c>for t in set [any order]: ...</c>.</summary>
/// <param name="Variable">Name of the CPU in the body.</param>
/// <param name="Set">The CPUs; membership is tested as each one's turn comes.</param>
/// <param name="AnyOrder">False: lowest CPU first.</param>
/// <param name="Body">The steps.</param>
/// <param name="Span">Where it is written.</param>
public sealed record ForStep(string Variable, Expression Set, bool AnyOrder, IReadOnlyList<Step> Body, SourceSpan Span)
    : Step(Span);

/// <summary><c>wait c [order]</c>: goes on once the condition holds.</summary>
/// <param name="Condition">The test.</param>
/// <param name="Order">Ordering of the read that sees it hold.</param>
/// <param name="Span">Where it is written.</param>
public sealed record WaitStep(Expression Condition, MemoryOrder Order, SourceSpan Span) : Step(Span);

/// <summary>
/// <c>discover m [in order]</c>: reads one pending interrupt from the controller; <c>none</c> if nothing is pending.
/// </summary>
/// <param name="Result">Private variable of type <c>irq</c>.</param>
/// <param name="InOrder">True: of what is pending the message that is declared first, a device after all messages;
/// false: any.</param>
/// <param name="Span">Where it is written.</param>
public sealed record DiscoverStep(NameExpression Result, bool InOrder, SourceSpan Span) : Step(Span);

/// <summary><c>send message to t</c>: raises an inter-processor interrupt.</summary>
/// <param name="Message">Which.</param>
/// <param name="Cpu">Whom.</param>
/// <param name="Span">Where it is written.</param>
public sealed record SendStep(string Message, Expression Cpu, SourceSpan Span) : Step(Span);

/// <summary><c>select t into mask by policy</c>: adds a CPU to a set unless the policy skips it.</summary>
/// <param name="Cpu">The CPU asked about.</param>
/// <param name="Mask">Private set.</param>
/// <param name="Policy">The policy.</param>
/// <param name="Span">Where it is written.</param>
public sealed record SelectStep(Expression Cpu, NameExpression Mask, string Policy, SourceSpan Span) : Step(Span)
{
    /// <summary>Values for the parameters of the policy.</summary>
    public IReadOnlyList<Expression> Arguments { get; init; } = [];
}

/// <summary><c>kick name [returns thing, ...]</c>: runs a kick; its return vouches for what is named.</summary>
/// <param name="Name">The kick.</param>
/// <param name="Returns">Text locations (S1), variables in memory (S2), messages (S4) and mappings (S9) that every CPU
/// has caught up with when it returns.</param>
/// <param name="Span">Where it is written.</param>
public sealed record KickStep(string Name, IReadOnlyList<NameExpression> Returns, SourceSpan Span) : Step(Span);

/// <summary><c>save|restore|use|clobber x0-x7</c>: what happens to registers.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Registers">Which ones.</param>
/// <param name="Span">Where it is written.</param>
public sealed record RegisterStep(RegisterStepKind Kind, RegisterSet Registers, SourceSpan Span) : Step(Span);

/// <summary>
/// <c>use rcu</c>, <c>body</c>, <c>step name</c> or <c>run name</c>: kernel code of which only this much matters.
/// </summary>
/// <param name="Kind">Which.</param>
/// <param name="Name">What the code is, for people.</param>
/// <param name="UsesRcu">It uses RCU.</param>
/// <param name="Span">Where it is written.</param>
public sealed record CodeStep(CodeStepKind Kind, string Name, bool UsesRcu, SourceSpan Span) : Step(Span);

/// <summary><c>wfi</c>, <c>guest</c> or <c>linger "what for"</c>: the CPU stays here until something happens.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Reason">What it waits for, for people.</param>
/// <param name="Span">Where it is written.</param>
public sealed record RestStep(RestKind Kind, string Reason, SourceSpan Span) : Step(Span);

/// <summary><c>assert e for P "why"</c>: property P is violated if e does not hold here.</summary>
/// <param name="Condition">What must hold.</param>
/// <param name="Property">The property's name.</param>
/// <param name="Message">What its violation means.</param>
/// <param name="Span">Where it is written.</param>
public sealed record AssertStep(Expression Condition, string Property, string Message, SourceSpan Span) : Step(Span);

/// <summary><c>skip</c> or <c>interrupt</c>: the answer of a policy's <c>ask</c> block.</summary>
/// <param name="Skips">True for skip.</param>
/// <param name="Span">Where it is written.</param>
public sealed record AnswerStep(bool Skips, SourceSpan Span) : Step(Span);

/// <summary><c>section class: ...</c>: the text of these steps belongs to a class of patchable text.</summary>
/// <param name="TextClass">The class.</param>
/// <param name="Body">The steps.</param>
/// <param name="Span">Where it is written.</param>
public sealed record SectionStep(string TextClass, IReadOnlyList<Step> Body, SourceSpan Span) : Step(Span);

/// <summary><c>together: ...</c>: the steps happen at once, nothing comes between.</summary>
/// <param name="Body">The steps.</param>
/// <param name="Span">Where it is written.</param>
public sealed record TogetherStep(IReadOnlyList<Step> Body, SourceSpan Span) : Step(Span);
