namespace Lazykick.Checking.Exploration;

/// <summary>A state of a fixed number of words; one type per size, so that the search is compiled for each.</summary>
internal interface IState<T> : IEquatable<T>
    where T : unmanaged, IState<T>
{
    /// <summary>Number of words of 64 bits.</summary>
    static abstract int Words { get; }

    /// <summary>Takes a state from its words; missing ones are 0.</summary>
    static abstract T From(ReadOnlySpan<ulong> words);

    /// <summary>Copies as many words out as there is room for.</summary>
    void CopyTo(Span<ulong> words);

    /// <summary>64 well-mixed bits; equal states have equal ones.</summary>
    ulong Hash();
}
