using Lazykick.Auditing.Bytes;
using Lazykick.Auditing.Code;
using Lazykick.Auditing.Layout;
using Lazykick.Auditing.Symbols;

namespace Lazykick.Auditing.Tables;

/// <summary>
/// Finds tables by their symbols or their section. An image that names no data has neither: there the text of the
/// functions that walk a table names its two ends; where that fails, too, the shape of the rows is looked for.
/// </summary>
internal sealed class TableLocator(
    MachineKind machine,
    AddressSpace space,
    SymbolTable symbols,
    SectionMap sections,
    bool infers
)
{
    private const int MaxReader = 8192;
    private const int Sample = 2000;
    private const int MostGap = 16;
    private const int LeastAfterGap = 8;

    /// <summary>Finds a table, or null.</summary>
    public LocatedTable? Locate(TableShape shape)
    {
        if (symbols[shape.Start] is { } from && symbols[shape.End] is { } to && to >= from)
        {
            return Between(from, to) is { } named ? new LocatedTable(named, from, "by its symbols", false) : null;
        }

        if (space.Regions.FirstOrDefault(r => r.Name == shape.Section) is { } region)
        {
            return new LocatedTable(region.View, region.Address, "by its section", false);
        }

        return shape.IsRow is null || !infers ? null : ByReader(shape) ?? ByRows(shape);
    }

    /// <summary>
    /// Data that the kernel makes read-only once it has booted: between its symbols, else what mark_rodata_ro()
    /// protects.
    /// </summary>
    public (AddressRange Range, bool IsInferred) ReadOnlyAfterInit()
    {
        var named = sections.Range("__start_ro_after_init", "__end_ro_after_init", ".data..ro_after_init");
        if (!infers || !named.IsEmpty || machine != MachineKind.Arm64 || sections.Text.IsEmpty || sections.Init.IsEmpty)
        {
            return (named, false);
        }

        // arch/arm64/mm/mmu.c: from __start_rodata, a page after the text, to __init_begin, that of the init text.
        const ulong Page = 4096;
        const ulong Gap = 2UL << 20;
        var pages = Addresses("mark_rodata_ro")
            .Where(a => a % Page == 0 && a >= sections.Text.End && a <= sections.Init.Start)
            .ToList();
        return pages.Count >= 2 && pages[0] - sections.Text.End < Gap && sections.Init.Start - pages[^1] < Gap
            ? (new AddressRange(pages[0], pages[^1]), true)
            : (default, false);
    }

    private ByteView? Between(ulong from, ulong to) =>
        from == to ? new ByteView(ReadOnlyMemory<byte>.Empty)
        : space.Find(from) is { } region && to > from && to <= region.End
            ? region.View.Slice((long)(from - region.Address), (long)(to - from))
        : null;

    private SortedSet<ulong> Addresses(string function)
    {
        if (symbols[function] is not { } start || symbols.FunctionAt(start, out var end) is null)
        {
            return [];
        }

        var bytes = space.At(start);
        var length = (int)Math.Min((ulong)bytes.Length, Math.Min(end - start, MaxReader));
        return AddressScan.OfFunction(machine, bytes[..length], start);
    }

    private LocatedTable? ByReader(TableShape shape)
    {
        (ByteView Bytes, ulong Address, string Reader)? best = null;
        foreach (var reader in shape.Readers)
        {
            foreach (var (from, to) in Ends(reader))
            {
                if (
                    to > from
                    && (to - from) % (ulong)shape.Size == 0
                    && Between(from, to) is { } bytes
                    && bytes.Length > (best?.Bytes.Length ?? 0)
                    && AreRows(shape, bytes, from)
                )
                {
                    best = (bytes, from, reader);
                }
            }
        }

        return best is { } b
            ? new LocatedTable(b.Bytes, b.Address, $"between the addresses that {b.Reader} walks", true)
            : null;
    }

    /// <summary>
    /// Pairs that may be a table's two ends: of the addresses that a function names, and two pointers at one of these.
    /// </summary>
    private IEnumerable<(ulong From, ulong To)> Ends(string reader)
    {
        var addresses = Addresses(reader).Where(a => a % 4 == 0).ToList();
        foreach (var from in addresses)
        {
            foreach (var to in addresses)
            {
                yield return (from, to);
            }

            if (space.TryRead64(from, out var first) && space.TryRead64(from + 8, out var second))
            {
                yield return (first, second);
            }
        }
    }

    /// <summary>The last row and 95 of 100 rows must be rows.</summary>
    private static bool AreRows(TableShape shape, ByteView bytes, ulong address)
    {
        var rows = bytes.Length / shape.Size;
        if (!shape.IsRow!(bytes, (long)(rows - 1) * shape.Size, address))
        {
            return false;
        }

        var step = Math.Max(1, rows / Sample);
        int seen = 0,
            hits = 0;
        for (var i = 0; i < rows; i += step)
        {
            seen++;
            hits += shape.IsRow(bytes, (long)i * shape.Size, address) ? 1 : 0;
        }

        return hits * 100 >= seen * 95;
    }

    private LocatedTable? ByRows(TableShape shape)
    {
        (MemoryRegion Region, long Start, long Count)? best = null;
        foreach (var region in space.Regions)
        {
            var view = region.View;
            var step = shape.Size % 8 == 0 ? 8 : 4;
            for (long at = 0; at + shape.Size <= view.Length; at += step)
            {
                if (!shape.IsRow!(view, at, region.Address))
                {
                    continue;
                }

                var count = Run(shape, view, at, region.Address);
                if (count >= shape.Least && count > (best?.Count ?? 0))
                {
                    best = (region, at, count);
                }

                at += (count * shape.Size) - step;
            }
        }

        return best is { } b
            ? new LocatedTable(
                b.Region.View.Slice(b.Start, b.Count * shape.Size),
                b.Region.Address + (ulong)b.Start,
                "by the shape of its rows, some may be missing",
                true
            )
            : null;
    }

    /// <summary>Rows from here on. A few of another form are stepped over where more rows come after them.</summary>
    private static long Run(TableShape shape, ByteView view, long start, ulong address)
    {
        long count = 1;
        while (true)
        {
            var gap = 0;
            while (gap <= MostGap && !IsRow(count + gap))
            {
                gap++;
            }

            if (gap == 0)
            {
                count++;
                continue;
            }

            if (gap > MostGap)
            {
                return count;
            }

            for (var i = 0; i < LeastAfterGap; i++)
            {
                if (!IsRow(count + gap + i))
                {
                    return count;
                }
            }

            count += gap + LeastAfterGap;
        }

        bool IsRow(long row) =>
            start + ((row + 1) * shape.Size) <= view.Length && shape.IsRow!(view, start + (row * shape.Size), address);
    }
}
