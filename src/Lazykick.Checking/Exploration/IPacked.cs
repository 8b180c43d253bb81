namespace Lazykick.Checking.Exploration;

/// <summary>A state packed into a fixed number of words; one type per size, so that the search is compiled for each.</summary>
internal interface IPacked<T> : IEquatable<T>
    where T : unmanaged, IPacked<T>
{
    /// <summary>Takes a state from its words.</summary>
    static abstract T From(ReadOnlySpan<ulong> words);

    /// <summary>Copies the words out.</summary>
    void CopyTo(Span<ulong> words);

    /// <summary><paramref name="state"/> with the bits of <paramref name="written"/> replaced by <paramref name="value"/>.</summary>
    static abstract T Replace(in T state, in T written, in T value);

    /// <summary>True if all bits of <paramref name="mask"/> are set.</summary>
    static abstract bool HasAll(in T state, in T mask);

    /// <summary>The bits of <paramref name="mask"/>, moved together.</summary>
    static abstract ulong Extract(in T state, in T mask);

    /// <summary>64 well-mixed bits; equal states have equal ones.</summary>
    ulong Hash();
}
