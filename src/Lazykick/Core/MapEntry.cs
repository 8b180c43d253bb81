namespace Lazykick.Core;

/// <summary>What a place of a map holds. Immutable from its publication on.</summary>
internal struct MapEntry<TKey, TValue>
    where TKey : unmanaged
    where TValue : unmanaged
{
    public TKey Key;

    public TValue Value;
}
