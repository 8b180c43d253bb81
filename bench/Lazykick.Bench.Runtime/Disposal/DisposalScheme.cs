using System.Diagnostics;

namespace Lazykick.Bench.Runtime.Disposal;

/// <summary>How readers are kept from a block that is freed.</summary>
internal abstract class DisposalScheme : IDisposable
{
    /// <summary>What is replaced, in all schemes of a table.</summary>
    internal static BlockKind Blocks { get; set; } = new NativeBlocks();

    public abstract long Read(int reader);

    public abstract void Swap(nint block);

    public abstract void Dispose();

    /// <summary>Replaces the block.</summary>
    /// <returns>How many ticks that took.</returns>
    public virtual long Replace()
    {
        var begin = Stopwatch.GetTimestamp();
        var block = Allocate();
        var allocated = Stopwatch.GetTimestamp();
        Swap(block);
        return Stopwatch.GetTimestamp() - (Blocks.IsPartOfReplacing ? begin : allocated);
    }

    protected static nint Allocate() => Blocks.Allocate();

    protected static void Free(nint block) => Blocks.Free(block);
}
