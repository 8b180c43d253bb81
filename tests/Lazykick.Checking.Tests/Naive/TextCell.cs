namespace Lazykick.Checking.Tests.Naive;

/// <summary>
/// One patched location of text: what each CPU may fetch from it, and how far its writer has come (M3, M10, M11, M16).
/// </summary>
/// <param name="Class">Index of the class that it is of now.</param>
internal abstract record TextCell(int Class)
{
    /// <summary>May this CPU still fetch an instruction that the last return of a kick does not vouch for?</summary>
    public abstract bool MayRunOld(int cpu);

    /// <summary>False if the location has no room for one more version.</summary>
    public abstract bool CanWrite { get; }

    public abstract TextCell Write(int textClass);

    public abstract TextCell Clean();

    public abstract TextCell Invalidate();

    /// <summary>A context synchronisation event on a CPU.</summary>
    public abstract TextCell Synchronise(int cpu);

    public abstract TextCell Return();
}

/// <summary>The form of the rules: one bit <em>stale</em> for each CPU.</summary>
internal sealed record StaleBits(int Class, int Cpus, int Stale, bool Cleaned, bool Invalidated, bool Returned)
    : TextCell(Class)
{
    public override bool CanWrite => true;

    public override bool MayRunOld(int cpu) => Returned && (Stale >> cpu & 1) == 1;

    public override TextCell Write(int textClass) =>
        new StaleBits(textClass, Cpus, (1 << Cpus) - 1, false, false, false);

    public override TextCell Clean() => this with { Cleaned = true };

    public override TextCell Invalidate() => this with { Invalidated = Invalidated || Cleaned };

    public override TextCell Synchronise(int cpu) => Invalidated ? this with { Stale = Stale & ~(1 << cpu) } : this;

    public override TextCell Return() => this with { Returned = true };
}

/// <summary>
/// The form that the bit stands for (M21): for each CPU the set of versions that a fetch may return. A finite number of
/// writes keeps the space finite.
/// </summary>
internal sealed record VersionSets(
    int Class,
    int MaxVersions,
    int Latest,
    int Cleaned,
    int Invalidated,
    int Returned,
    IReadOnlyList<int> Fetchable
) : TextCell(Class)
{
    public static VersionSets Initial(int cpus, int maxVersions) =>
        new(0, maxVersions, 0, -1, -1, 0, [.. Enumerable.Repeat(1, cpus)]);

    public override bool CanWrite => Latest < MaxVersions;

    /// <summary>
    /// Version 0 is there before any kick: a return for version 0 vouches for nothing that could be missed.
    /// </summary>
    public override bool MayRunOld(int cpu) => (Fetchable[cpu] & ((1 << Returned) - 1)) != 0;

    public override TextCell Write(int textClass) =>
        this with
        {
            Class = textClass,
            Latest = Latest + 1,
            Returned = 0,
            Fetchable = [.. Fetchable.Select(f => f | 1 << (Latest + 1))],
        };

    public override TextCell Clean() => this with { Cleaned = Latest };

    public override TextCell Invalidate() => this with { Invalidated = Cleaned };

    public override TextCell Synchronise(int cpu) =>
        Invalidated < 0
            ? this
            : this with
            {
                Fetchable = [.. Fetchable.Select((f, c) => c == cpu ? f & -(1 << Invalidated) : f)],
            };

    public override TextCell Return() => this with { Returned = Latest };

    public bool Equals(VersionSets? other) =>
        other is not null
        && Class == other.Class
        && Latest == other.Latest
        && Cleaned == other.Cleaned
        && Invalidated == other.Invalidated
        && Returned == other.Returned
        && Fetchable.SequenceEqual(other.Fetchable);

    public override int GetHashCode() =>
        HashCode.Combine(Class, Latest, Cleaned, Invalidated, Returned, Fetchable.Aggregate(0, HashCode.Combine));
}
