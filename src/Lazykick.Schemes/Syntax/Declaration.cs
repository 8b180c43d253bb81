using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Syntax;

/// <summary>One declaration of a file, as written.</summary>
/// <param name="Span">Its first line.</param>
public abstract record Declaration(SourceSpan Span);

/// <summary>
/// <c>scheme name "title"</c> or <c>base name "title"</c>; a base can be included but not checked alone.
/// </summary>
/// <param name="Name">The name; equals the file's.</param>
/// <param name="Title">One line for people.</param>
/// <param name="IsBase">True for <c>base</c>.</param>
/// <param name="Span">Where.</param>
public sealed record HeaderDeclaration(string Name, string Title, bool IsBase, SourceSpan Span) : Declaration(Span);

/// <summary><c>include name</c>: a file of the same directory or of the catalogue.</summary>
/// <param name="Name">Without <c>.kick</c>.</param>
/// <param name="Span">Where.</param>
public sealed record IncludeDeclaration(string Name, SourceSpan Span) : Declaration(Span);

/// <summary><c>arch</c>, <c>kernel</c> or <c>source</c>: facts about where the scheme comes from.</summary>
/// <param name="Key">arch, kernel or source.</param>
/// <param name="Value">The text.</param>
/// <param name="Span">Where.</param>
public sealed record FactDeclaration(string Key, string Value, SourceSpan Span) : Declaration(Span);

/// <summary><c>assume "text" [when knobs]</c>: printed with every verdict that it applies to.</summary>
/// <param name="Text">The assumption.</param>
/// <param name="Condition">Over knobs, or null.</param>
/// <param name="Span">Where.</param>
public sealed record AssumeDeclaration(string Text, Expression? Condition, SourceSpan Span) : Declaration(Span);

/// <summary>
/// <c>promises S1 S6 ...</c>: the properties that the scheme's author claims; <c>check</c> exits with 1 if one is
/// violated.
/// </summary>
/// <param name="Properties">Names of properties.</param>
/// <param name="Span">Where.</param>
public sealed record PromiseDeclaration(IReadOnlyList<Token> Properties, SourceSpan Span) : Declaration(Span);

/// <summary><c>knob name = on|off</c> or <c>knob name : a | b = a</c>.</summary>
/// <param name="Name">The knob.</param>
/// <param name="Values">Its values; off and on for a switch.</param>
/// <param name="Default">Index of the value without <c>--set</c>.</param>
/// <param name="Span">Where.</param>
public sealed record KnobDeclaration(string Name, IReadOnlyList<string> Values, int Default, SourceSpan Span)
    : Declaration(Span);

/// <summary><c>set knob = value</c>: another default for a knob of an included file.</summary>
/// <param name="Name">The knob.</param>
/// <param name="Value">The value.</param>
/// <param name="Span">Where.</param>
public sealed record SetDeclaration(string Name, string Value, SourceSpan Span) : Declaration(Span);

/// <summary>A variable: <c>shared|percpu|pairwise|private|ghost name : type [= initial]</c>.</summary>
/// <param name="Storage">Where it lives and who sees it.</param>
/// <param name="Name">The name.</param>
/// <param name="Type">Its values.</param>
/// <param name="Initial">Value at the start; the lowest without one.</param>
/// <param name="Span">Where.</param>
public sealed record VariableDeclaration(
    Storage Storage,
    string Name,
    VariableType Type,
    Expression? Initial,
    SourceSpan Span
) : Declaration(Span);

/// <summary><c>[percpu] text name [: class | class]</c>: a location of kernel text that is patched.</summary>
/// <param name="Name">The name.</param>
/// <param name="PerCpu">True: every CPU patches a location of its own.</param>
/// <param name="Classes">Classes of text; the first is that of steps outside any <c>section</c>. Empty: the location
/// may be anywhere.</param>
/// <param name="Span">Where.</param>
public sealed record TextDeclaration(string Name, bool PerCpu, IReadOnlyList<string> Classes, SourceSpan Span)
    : Declaration(Span);

/// <summary><c>mapping name</c>: a translation of kernel addresses that changes while CPUs run.</summary>
/// <param name="Name">The name.</param>
/// <param name="Span">Where.</param>
public sealed record MappingDeclaration(string Name, SourceSpan Span) : Declaration(Span);

/// <summary>
/// <c>place name [runs class]</c>: where a CPU is between two paths, in kernel mode; <c>user</c> is there without a
/// declaration.
/// </summary>
/// <param name="Name">The name.</param>
/// <param name="TextClass">The class of the text that CPUs run there; null: the first of each location.</param>
/// <param name="Span">Where.</param>
public sealed record PlaceDeclaration(string Name, string? TextClass, SourceSpan Span) : Declaration(Span);

/// <summary><c>nesting n</c>: how many paths <c>from kernel</c> a CPU can be in at a time (M13).</summary>
/// <param name="Depth">1 to <see cref="Most"/>; 2 without the line.</param>
/// <param name="Span">Where.</param>
public sealed record NestingDeclaration(int Depth, SourceSpan Span) : Declaration(Span)
{
    /// <summary>One path of each kind that something brings a CPU into.</summary>
    public const int Most = 6;
}

/// <summary>
/// <c>state name = condition</c> over one CPU's variables, role flags and places; reports use the names too.
/// </summary>
/// <param name="Name">The name; <c>eqs</c> says that RCU does not watch the CPU.</param>
/// <param name="Condition">When a CPU is in it.</param>
/// <param name="Span">Where.</param>
public sealed record StateDeclaration(string Name, Expression Condition, SourceSpan Span) : Declaration(Span);

/// <summary>
/// <c>message name [on irq|fiq|nmi] [off when condition]</c>: a kind of inter-processor interrupt.
/// <c>discover m in order</c> takes the first declared first.
/// </summary>
/// <param name="Name">The name.</param>
/// <param name="Arrives">The paths that it brings a CPU into.</param>
/// <param name="OffWhen">Over knobs, flags and the place where a CPU starts: the CPU starts with the message switched
/// off; or null.</param>
/// <param name="Span">Where.</param>
public sealed record MessageDeclaration(string Name, Trigger Arrives, Expression? OffWhen, SourceSpan Span)
    : Declaration(Span);

/// <summary>What a CPU does: where it starts, which paths it takes, its flags.</summary>
/// <param name="Name">The name.</param>
/// <param name="Flags">Names that hold on CPUs of this role, like knobs.</param>
/// <param name="Starts">Places; the search begins in all of them.</param>
/// <param name="Takes">Paths, each with a condition over knobs or null.</param>
/// <param name="Override">Replaces a role of the same name.</param>
/// <param name="Span">Where.</param>
public sealed record RoleDeclaration(
    string Name,
    IReadOnlyList<Token> Flags,
    IReadOnlyList<(Token Place, Expression? Condition)> Starts,
    IReadOnlyList<(Token Path, Expression? Condition)> Takes,
    bool Override,
    SourceSpan Span
) : Declaration(Span)
{
    /// <summary>
    /// Paths that are taken with values, by their name in <see cref="Takes"/>: the path, and the values.
    /// </summary>
    public IReadOnlyDictionary<string, (string Path, IReadOnlyList<Expression> Values)> PathValues { get; init; } =
        new Dictionary<string, (string, IReadOnlyList<Expression>)>();
}

/// <summary><c>cpus kicker target</c>: the roles of CPU0, CPU1, ...; with more CPUs the last is repeated.</summary>
/// <param name="Roles">Role names.</param>
/// <param name="Span">Where.</param>
public sealed record CastDeclaration(IReadOnlyList<Token> Roles, SourceSpan Span) : Declaration(Span);

/// <summary>A named list of steps: <c>routine</c>, <c>path</c> or <c>kick</c>.</summary>
/// <param name="Name">The name.</param>
/// <param name="Body">The steps.</param>
/// <param name="Override">Replaces one of the same name.</param>
/// <param name="Span">Where.</param>
public abstract record BlockDeclaration(string Name, IReadOnlyList<Step> Body, bool Override, SourceSpan Span)
    : Declaration(Span);

/// <summary><c>routine name</c>.</summary>
/// <param name="Name">The name.</param>
/// <param name="Body">The steps.</param>
/// <param name="Override">Replaces one of the same name.</param>
/// <param name="Span">Where.</param>
public sealed record RoutineDeclaration(string Name, IReadOnlyList<Step> Body, bool Override, SourceSpan Span)
    : BlockDeclaration(Name, Body, Override, Span),
        IHasParameters
{
    /// <inheritdoc/>
    public IReadOnlyList<Token> Parameters { get; init; } = [];
}

/// <summary><c>kick name</c>.</summary>
/// <param name="Name">The name.</param>
/// <param name="Body">The steps.</param>
/// <param name="Override">Replaces one of the same name.</param>
/// <param name="Span">Where.</param>
public sealed record KickDeclaration(string Name, IReadOnlyList<Step> Body, bool Override, SourceSpan Span)
    : BlockDeclaration(Name, Body, Override, Span);

/// <summary><c>path name [on class] from place</c>.</summary>
/// <param name="Name">The name.</param>
/// <param name="Trigger">What makes a CPU take it.</param>
/// <param name="From">A place, or <c>kernel</c>: any position in kernel mode.</param>
/// <param name="Body">The steps.</param>
/// <param name="Override">Replaces one of the same name.</param>
/// <param name="Span">Where.</param>
public sealed record PathDeclaration(
    string Name,
    Trigger Trigger,
    string From,
    IReadOnlyList<Step> Body,
    bool Override,
    SourceSpan Span
) : BlockDeclaration(Name, Body, Override, Span), IHasParameters
{
    /// <inheritdoc/>
    public IReadOnlyList<Token> Parameters { get; init; } = [];
}

/// <summary>Whom a kick leaves alone.</summary>
/// <param name="Name">The name.</param>
/// <param name="Serves">The kicks that it is for.</param>
/// <param name="Variable">Name of the CPU asked about.</param>
/// <param name="SkipWhen">The declarative form, or null.</param>
/// <param name="Order">Ordering of the read in <paramref name="SkipWhen"/>.</param>
/// <param name="Ask">The steps that find the answer, instead of one plain read; or null.</param>
/// <param name="TraceSkip">What it means on a trace: a condition over named states of the target when the kick is sent;
/// or null.</param>
/// <param name="Override">Replaces one of the same name.</param>
/// <param name="Span">Where.</param>
public sealed record PolicyDeclaration(
    string Name,
    IReadOnlyList<Token> Serves,
    string Variable,
    Expression? SkipWhen,
    MemoryOrder Order,
    IReadOnlyList<Step>? Ask,
    Expression? TraceSkip,
    bool Override,
    SourceSpan Span
) : Declaration(Span), IHasParameters
{
    /// <inheritdoc/>
    public IReadOnlyList<Token> Parameters { get; init; } = [];
}

/// <summary><c>in block after|before|replace|remove @label</c>: a patch over an included block.</summary>
/// <param name="Block">Routine, path or kick.</param>
/// <param name="Place">What is done.</param>
/// <param name="LabelName">At which step.</param>
/// <param name="Body">The new steps.</param>
/// <param name="Span">Where.</param>
public sealed record PatchDeclaration(
    string Block,
    PatchPlace Place,
    string LabelName,
    IReadOnlyList<Step> Body,
    SourceSpan Span
) : Declaration(Span);

/// <summary>What a patch does at its label.</summary>
public enum PatchPlace
{
    /// <summary>Inserts after the step.</summary>
    After,

    /// <summary>Inserts before the step.</summary>
    Before,

    /// <summary>Puts its steps in place of the step.</summary>
    Replace,

    /// <summary>Takes the step out.</summary>
    Remove,
}

/// <summary>What makes a CPU take a path.</summary>
public enum Trigger
{
    /// <summary>The CPU's own doing: a system call, a fault, the next turn of a loop.</summary>
    Own,

    /// <summary>An interrupt, when I is clear.</summary>
    Irq,

    /// <summary>A watchpoint, breakpoint or single-step exception, when D is clear.</summary>
    Debug,

    /// <summary>A BRK instruction: synchronous, cannot be masked.</summary>
    Brk,

    /// <summary>An SError, when A is clear.</summary>
    SError,

    /// <summary>An NMI or a firmware event (SDEI): cannot be masked.</summary>
    Nmi,

    /// <summary>
    /// An interrupt of higher priority, when F is clear: an FIQ, or a pseudo-NMI of Linux on arm64.
    /// </summary>
    Fiq,
}

/// <summary>Where a variable lives and who sees it.</summary>
public enum Storage
{
    /// <summary>One in memory.</summary>
    Shared,

    /// <summary>One in memory for each CPU; others may read and write it.</summary>
    PerCpu,

    /// <summary>One in memory for each ordered pair of CPUs.</summary>
    Pairwise,

    /// <summary>
    /// One for each CPU that no other CPU touches: registers, counters of its own. No ordering applies.
    /// </summary>
    Private,

    /// <summary>One outside the machine: for assertions only. Every write is seen at once.</summary>
    Ghost,
}
