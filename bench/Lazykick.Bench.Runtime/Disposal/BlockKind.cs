namespace Lazykick.Bench.Runtime.Disposal;

/// <summary>What is replaced.</summary>
internal abstract class BlockKind
{
    /// <summary>Bytes of a block.</summary>
    public const int Size = 4_096;

    /// <summary>Whether the time of <see cref="Allocate"/> counts.</summary>
    public virtual bool IsPartOfReplacing => false;

    public abstract nint Allocate();

    public abstract void Free(nint block);
}
