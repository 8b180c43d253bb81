using Lazykick.Schemes.Editing;
using Lazykick.Schemes.Syntax;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Changes;

/// <summary>One change to a scheme: a part that is taken away or added.</summary>
public sealed class Part
{
    /// <summary>The text of the addition that makes a policy skip no CPU.</summary>
    public const string SkipNobody = "skip nobody";

    private readonly Action<SchemeEdits> _edit;

    internal Part(PartKind kind, string text, string block, Step? step, SourceSpan span, Action<SchemeEdits> edit)
    {
        (Kind, Text, Block, Step, Span) = (kind, text, block, step, span);
        _edit = edit;
    }

    /// <summary>What the part is.</summary>
    public PartKind Kind { get; }

    /// <summary>The change in the language's words: <c>isb</c>, <c>full -> relaxed of rmw x := 1 full</c>.</summary>
    public string Text { get; }

    /// <summary>The routine, path, kick or policy that it stands in.</summary>
    public string Block { get; }

    /// <summary>Where it is written, or what it stands after or before.</summary>
    public SourceSpan Span { get; }

    /// <summary>The step of the scheme that it changes or stands at; null for a policy.</summary>
    internal Step? Step { get; }

    /// <summary>For an addition: the steps next to it, of which an execution has to take one to meet it.</summary>
    internal IReadOnlyList<Step> Neighbours { get; init; } = [];

    /// <summary>Of additions with the same slot one that is strong enough does all that a weaker one does.</summary>
    internal (object? Slot, int Strength) Rank { get; init; }

    /// <summary>It can only take executions away.</summary>
    internal bool OnlyRestricts { get; init; }

    /// <summary>Where a weaker order of the same access is another part: that one.</summary>
    internal IReadOnlyList<Part> Weaker { get; init; } = [];

    /// <summary>It does all that the other part does.</summary>
    internal bool IsAtLeast(Part other) =>
        this == other
        || (
            Rank.Slot is not null && Rank.Slot == other.Rank.Slot && Includes(Kind, Rank.Strength, other.Rank.Strength)
        );

    // Of barriers: smp_rmb 1, smp_wmb 2, smp_mb 3, dsb 4. Of orders: acquire 1, release 2, full 3.
    private static bool Includes(PartKind kind, int one, int other) =>
        kind is PartKind.Barrier or PartKind.Order && one > other && one >= 3;

    /// <summary>Makes the change.</summary>
    public void Edit(SchemeEdits edits)
    {
        ArgumentNullException.ThrowIfNull(edits);
        _edit(edits);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Text} ({Block}, {Path.GetFileName(Span.Source.Path)}:{Span.Line})";
}
