namespace Lazykick.Checking.Exploration;

/// <summary>A state of which fields can be read and replaced where they are.</summary>
internal interface IPacked<T> : IState<T>
    where T : unmanaged, IPacked<T>
{
    /// <summary>Number of bits set.</summary>
    static abstract int Count(in T mask);

    /// <summary>One of the words.</summary>
    ulong Word64(int index);

    /// <summary>
    /// <paramref name="state"/> with the bits of <paramref name="written"/> replaced by those of
    /// <paramref name="value"/>, which has no others.
    /// </summary>
    static abstract T Replace(in T state, in T written, in T value);

    /// <summary>The bits of <paramref name="mask"/>, where they are.</summary>
    static abstract T And(in T state, in T mask);

    /// <summary>True if all bits of <paramref name="mask"/> are set.</summary>
    static abstract bool HasAll(in T state, in T mask);

    /// <summary>The bits of <paramref name="mask"/>, moved together.</summary>
    static abstract ulong Extract(in T state, in T mask);
}
