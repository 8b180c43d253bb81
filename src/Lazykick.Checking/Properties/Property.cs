using Lazykick.Schemes.Model;

namespace Lazykick.Checking.Properties;

/// <summary>
/// A property that a scheme can have: what it says, whom it concerns, how it is judged and how its violation reads. One
/// file each; the list of all is <see cref="PropertyList"/>. The rules are in docs/reference/machine.md.
/// </summary>
public abstract class Property
{
    /// <summary>Its name: S1, S1.windows, or the one that a scheme gives it.</summary>
    public abstract string Id { get; }

    /// <summary>What it says, in a few words; empty for a property of a scheme that does not say.</summary>
    public abstract string Sentence { get; }

    /// <summary>What is said of the last move of a race that violates it.</summary>
    public abstract string Violation { get; }

    /// <summary>A scheme without a <c>promises</c> line promises it.</summary>
    public abstract bool IsPromisedByDefault { get; }

    /// <summary>Why a scheme does not state it, whatever its knobs; null if it does.</summary>
    /// <param name="scheme">The scheme.</param>
    public abstract string? WhyNotStated(Scheme scheme);

    /// <summary>Why no litmus test can show its violation; null if one may.</summary>
    /// <param name="step">The step that violates it, in words.</param>
    public abstract string? WhyNotExported(string step);

    /// <summary>
    /// Why it says nothing that the search met no violation: it met nothing to judge. Null if it did.
    /// </summary>
    internal abstract string? WhyVacuous(IEvidence evidence);

    /// <summary>How it is judged in a compiled scheme.</summary>
    /// <param name="context">What the scheme is compiled with.</param>
    internal abstract PropertyChecks Compile(CheckContext context);

    /// <inheritdoc/>
    public override string ToString() => Id;
}
