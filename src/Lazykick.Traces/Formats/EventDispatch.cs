namespace Lazykick.Traces.Formats;

/// <summary>
/// Which events a reader delivers, and under which tag: one byte an id, so that the ids nobody asked for are skipped
/// without a look at their payload.
/// </summary>
public sealed class EventDispatch
{
    private readonly byte[] _tags = GC.AllocateArray<byte>(ushort.MaxValue + 1, pinned: true);

    /// <summary>The tag of an id; 0 = not delivered.</summary>
    public byte this[ushort id] => _tags[id];

    /// <summary>The table, which stays where it is while this object lives.</summary>
    internal unsafe byte* Tags => (byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref _tags[0]);

    /// <summary>Delivers events of this format under a tag from 1 to 255; 0 takes them out.</summary>
    public void Set(EventFormat format, byte tag)
    {
        ArgumentNullException.ThrowIfNull(format);
        _tags[format.Id] = tag;
    }

    /// <summary>Delivers events with this id under a tag from 1 to 255; 0 takes them out.</summary>
    public void Set(ushort id, byte tag) => _tags[id] = tag;

    /// <summary>A new table that delivers every event, with tag 1.</summary>
    public static EventDispatch CreateForAll()
    {
        var all = new EventDispatch();
        Array.Fill(all._tags, (byte)1);
        return all;
    }
}
