using System.Runtime.InteropServices;
using Lazykick.Checking.Exploration;

namespace Lazykick.Checking.Machines;

/// <summary>Writes all that a search has found into a checkpoint, and reads it again.</summary>
internal sealed class SearchImage<T>(Machine<T> machine, PartSpace<T> space, Witnesses witnesses, LaterStates later)
    where T : unmanaged, IPacked<T>
{
    private const int ItemsAtOnce = 1 << 20;

    /// <summary>Where a search stands.</summary>
    /// <param name="Level">The level of the states that are expanded.</param>
    /// <param name="LevelEnd">The number of the first state of the next level; -1 before the level has begun.</param>
    /// <param name="Expanded">States that have been expanded.</param>
    /// <param name="Transitions">Moves that were made.</param>
    public readonly record struct Place(int Level, int LevelEnd, int Expanded, long Transitions);

    /// <summary>Writes.</summary>
    public void Save(BinaryWriter writer, Place place)
    {
        space.Memo.Save(writer);
        if (space.Steps != space.Memo)
            space.Steps.Save(writer);
        var positions = machine.AllPositions.ToList();
        foreach (var position in positions)
            writer.Write(position.Stale);
        witnesses.Save(writer, i => positions.FindIndex(p => p.Instruction == i));
        writer.Write(place.Level);
        writer.Write(place.LevelEnd);
        writer.Write(place.Expanded);
        writer.Write(place.Transitions);
        Write<int>(writer, CollectionsMarshal.AsSpan(space.LevelStarts));
        Write(writer, space.States.Keys.All);
        Write(writer, space.Policy.All);
        foreach (var keys in later.All)
            Write<ulong>(writer, CollectionsMarshal.AsSpan(keys));
    }

    /// <summary>Reads what <see cref="Save"/> wrote into a search that has not begun.</summary>
    public Place Load(BinaryReader reader)
    {
        space.Memo.Load(reader);
        if (space.Steps != space.Memo)
            space.Steps.Load(reader);
        var positions = machine.AllPositions.ToList();
        foreach (var position in positions)
            position.Stale |= reader.ReadBoolean();
        witnesses.Load(reader, i => positions[i].Instruction);
        var place = new Place(reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt64());
        space.LevelStarts.AddRange(Read<int>(reader));
        space.States.Fill(space.Memo.Layout.Bits, Read<ulong>(reader));
        foreach (var policy in Read<int>(reader))
            space.Policy.Add(policy);
        foreach (var keys in later.All)
            keys.AddRange(Read<ulong>(reader));
        return place;
    }

    private static void Write<TItem>(BinaryWriter writer, ReadOnlySpan<TItem> items)
        where TItem : unmanaged
    {
        writer.Write(items.Length);
        writer.Flush();
        for (var at = 0; at < items.Length; at += ItemsAtOnce)
        {
            var some = items[at..Math.Min(items.Length, at + ItemsAtOnce)];
            writer.Write(MemoryMarshal.AsBytes(some));
        }
    }

    private static TItem[] Read<TItem>(BinaryReader reader)
        where TItem : unmanaged
    {
        var items = new TItem[reader.ReadInt32()];
        for (var at = 0; at < items.Length; at += ItemsAtOnce)
        {
            var some = items.AsSpan(at, Math.Min(items.Length - at, ItemsAtOnce));
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(some));
        }

        return items;
    }
}
