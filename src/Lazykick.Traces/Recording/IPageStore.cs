namespace Lazykick.Traces.Recording;

/// <summary>Pages of one CPU, as the kernel wrote them.</summary>
internal interface IPageStore
{
    /// <summary>The CPU.</summary>
    int Cpu { get; }

    /// <summary>Whole pages.</summary>
    long Bytes { get; }

    /// <summary>Moves the pages to the end of a file.</summary>
    void MoveTo(Stream file);
}
