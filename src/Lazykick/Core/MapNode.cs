namespace Lazykick.Core;

/// <summary>An entry of a map. Immutable from its publication on, apart from the link.</summary>
internal struct MapNode<TKey, TValue>
    where TKey : unmanaged
    where TValue : unmanaged
{
    /// <summary>The number of the next node of the bucket; 0 for none.</summary>
    public int Next;

    /// <summary>Of the key; compared before the key is.</summary>
    public uint Hash;

    public TKey Key;

    public TValue Value;
}
