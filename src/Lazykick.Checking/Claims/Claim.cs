using Lazykick.Checking.Memory;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Claims;

/// <summary>
/// A technical claim of the thread as a file says it: what to explore, and which verdicts would confirm or refute it.
/// The outcome is nowhere in it; docs/thread/claims.md describes the format.
/// </summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="IsFurther">A further result: nobody claims it in the thread.</param>
/// <param name="Title">The claim in one line.</param>
/// <param name="Who">Who made it; empty for a further result that nobody made.</param>
/// <param name="Mails">The mails that make it, by their numbers in docs/thread/mails.md, from 1.</param>
/// <param name="Runs">What is explored.</param>
/// <param name="Lists">What is compared or counted besides, where exploration does not apply.</param>
/// <param name="Points">What it comes to, at least one.</param>
/// <param name="Flips">Knobs that its argument rests on: each changes the outcome.</param>
/// <param name="Draws">The races that show it.</param>
/// <param name="Span">Where the file says so.</param>
public sealed record Claim(
    int Number,
    bool IsFurther,
    string Title,
    string Who,
    IReadOnlyList<int> Mails,
    IReadOnlyList<ClaimRun> Runs,
    IReadOnlyList<ClaimList> Lists,
    IReadOnlyList<ClaimPoint> Points,
    IReadOnlyList<ClaimFlip> Flips,
    IReadOnlyList<ClaimDrawing> Draws,
    SourceSpan Span
)
{
    /// <summary>How it is called: its number, of a further result with an E before it.</summary>
    public string Id => IsFurther ? $"E{Number}" : $"{Number}";

    /// <summary>
    /// The mails as documents cite them: <c>mail 6</c>, <c>mails 8, 10</c>; empty if the claim cites none.
    /// </summary>
    public string Cited =>
        Mails.Count == 0 ? "" : $"{(Mails.Count == 1 ? "mail" : "mails")} {string.Join(", ", Mails)}";

    /// <summary>The claim with one of its flips made.</summary>
    /// <param name="flip">Which.</param>
    public Claim With(ClaimFlip flip)
    {
        ArgumentNullException.ThrowIfNull(flip);
        return this with
        {
            Runs = [.. Runs.Select(r => flip.Run is null || flip.Run == r.Name ? r.With(flip.Knob, flip.Value) : r)],
        };
    }

    /// <summary>True if a race of this run is drawn.</summary>
    public bool IsDrawn(ClaimRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return Draws.Any(d => d.Run == run.Name);
    }

    /// <summary>The claim with another memory model in every run that names none.</summary>
    /// <param name="memory">Which; <c>arm</c> is <c>tso</c> for x86 schemes.</param>
    public Claim Under(MemoryModel memory) => this with { Runs = [.. Runs.Select(r => r.Under(memory))] };
}

/// <summary>A list that is written down instead of explored: an inventory, or lines of a text.</summary>
/// <param name="Name">Its name in formulas.</param>
/// <param name="Source">Where it comes from, with its date.</param>
/// <param name="Items">In order.</param>
public sealed record ClaimList(string Name, string Source, IReadOnlyList<string> Items);

/// <summary>A change of one knob under which the claim comes out differently.</summary>
/// <param name="Run">Of this run; null for all.</param>
/// <param name="Knob">The knob.</param>
/// <param name="Value">Its value then.</param>
/// <param name="Span">Where it is written.</param>
public sealed record ClaimFlip(string? Run, string Knob, string Value, SourceSpan Span);

/// <summary>A race that shows the claim.</summary>
/// <param name="Run">Of this run.</param>
/// <param name="Property">The property that it violates.</param>
/// <param name="Span">Where it is written.</param>
public sealed record ClaimDrawing(string Run, string Property, SourceSpan Span);
