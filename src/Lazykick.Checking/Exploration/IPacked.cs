namespace Lazykick.Checking.Exploration;

/// <summary>A state packed into a fixed number of words; one type per size, so that the search is compiled for each.</summary>
internal interface IPacked<T> : IEquatable<T>
    where T : unmanaged, IPacked<T>
{
    /// <summary>Number of words of 64 bits.</summary>
    static abstract int Words { get; }

    /// <summary>Takes a state from its words; missing ones are 0.</summary>
    static abstract T From(ReadOnlySpan<ulong> words);

    /// <summary>Number of bits set.</summary>
    static abstract int Count(in T mask);

    /// <summary>One of the words.</summary>
    ulong Word64(int index);

    /// <summary>Copies as many words out as there is room for.</summary>
    void CopyTo(Span<ulong> words);

    /// <summary><paramref name="state"/> with the bits of <paramref name="written"/> replaced by those of <paramref name="value"/>, which has no others.</summary>
    static abstract T Replace(in T state, in T written, in T value);

    /// <summary>The bits of <paramref name="mask"/>, where they are.</summary>
    static abstract T And(in T state, in T mask);

    /// <summary>True if all bits of <paramref name="mask"/> are set.</summary>
    static abstract bool HasAll(in T state, in T mask);

    /// <summary>The bits of <paramref name="mask"/>, moved together.</summary>
    static abstract ulong Extract(in T state, in T mask);

    /// <summary>64 well-mixed bits; equal states have equal ones.</summary>
    ulong Hash();
}
