using Lazykick.Auditing.Bytes;
using Lazykick.Auditing.Images;

namespace Lazykick.Auditing.Tables;

/// <summary>Reads the tables. Where their boundary symbols are missing, looks for their shape.</summary>
internal sealed class TableReader
{
    private readonly KernelImage _image;
    private readonly List<TableInfo> _found = [];

    public TableReader(KernelImage image)
    {
        _image = image;
        Jumps = ReadJumps();
        Calls = ReadCalls();
        Alternatives = ReadAlternatives().ToLookup(a => a.Site);
        Traceable = ReadTraceable();
        Blacklist = ReadBlacklist();
        Exported = ReadExported();
    }

    public Dictionary<ulong, JumpEntry> Jumps { get; }

    public Dictionary<ulong, StaticCallSite> Calls { get; }

    public ILookup<ulong, Alternative> Alternatives { get; }

    public HashSet<ulong> Traceable { get; }

    public HashSet<ulong>? Blacklist { get; }

    public HashSet<ulong> Exported { get; }

    public IReadOnlyList<TableInfo> Found => _found;

    private Dictionary<ulong, JumpEntry> ReadJumps()
    {
        var result = new Dictionary<ulong, JumpEntry>();
        if (
            Table(
                "__jump_table",
                "__start___jump_table",
                "__stop___jump_table",
                16,
                IsJump,
                500,
                out var bytes,
                out var address
            )
        )
        {
            for (long at = 0; at + 16 <= bytes.Length; at += 16)
            {
                var here = address + (ulong)at;
                var site = Relative(here, bytes.S32(at));
                var key = here + 8 + bytes.U64(at + 8);
                result.TryAdd(
                    site,
                    new JumpEntry(
                        site,
                        Relative(here + 4, bytes.S32(at + 4)),
                        key & ~3UL,
                        (key & 1) != 0,
                        (key & 2) != 0
                    )
                );
            }

            Note("__jump_table", result.Count);
        }

        return result;
    }

    private Dictionary<ulong, StaticCallSite> ReadCalls()
    {
        var result = new Dictionary<ulong, StaticCallSite>();
        if (_image.Machine == MachineKind.Arm64)
        {
            // arm64 has no inline static calls (HAVE_STATIC_CALL_INLINE): they are indirect calls there.
            return result;
        }

        if (
            Table(
                ".static_call_sites",
                "__start_static_call_sites",
                "__stop_static_call_sites",
                8,
                null,
                0,
                out var bytes,
                out var address
            )
        )
        {
            for (long at = 0; at + 8 <= bytes.Length; at += 8)
            {
                var here = address + (ulong)at;
                var key = Relative(here + 4, bytes.S32(at + 4));
                result.TryAdd(
                    Relative(here, bytes.S32(at)),
                    new StaticCallSite(Relative(here, bytes.S32(at)), key & ~3UL, (key & 1) != 0, (key & 2) != 0)
                );
            }

            Note(".static_call_sites", result.Count);
        }

        return result;
    }

    private List<Alternative> ReadAlternatives()
    {
        var result = new List<Alternative>();
        var isArm = _image.Machine == MachineKind.Arm64;
        if (
            !Table(
                ".altinstructions",
                "__alt_instructions",
                "__alt_instructions_end",
                0,
                isArm ? IsArmAlternative : null,
                500,
                out var bytes,
                out var address
            )
        )
        {
            return result;
        }

        var size = isArm || Fits(bytes, address, 12) >= Fits(bytes, address, 14) ? 12 : 14;
        for (long at = 0; at + size <= bytes.Length; at += size)
        {
            var here = address + (ulong)at;
            int feature = bytes.U16(at + 8),
                flags = size == 14 ? bytes.U16(at + 10) : 0;
            int siteLength = bytes.U8(at + size - 2),
                length = bytes.U8(at + size - 1);
            var callback = isArm ? (feature & 0x8000) != 0 || length == 0 : (flags & 2) != 0;
            result.Add(
                new Alternative(
                    Relative(here, bytes.S32(at)),
                    Relative(here + 4, bytes.S32(at + 4)),
                    feature & (isArm ? 0x7fff : 0xffff),
                    siteLength,
                    length,
                    callback
                )
            );
        }

        Note(".altinstructions", result.Count, $"entries of {size} bytes, by the layout of which the addresses fit");
        return result;
    }

    private HashSet<ulong> ReadTraceable()
    {
        var result = new HashSet<ulong>();
        if (Table("__mcount_loc", "__start_mcount_loc", "__stop_mcount_loc", 8, IsPlace, 5000, out var bytes, out _))
        {
            for (long at = 0; at + 8 <= bytes.Length; at += 8)
            {
                var place = bytes.U64(at);
                // The place is the function, 4 bytes into it (after endbr64 or bti), or 8 bytes before it (arm64 with
                // call operations).
                result.Add(
                    _image.Symbols.IsStart(place) ? place
                    : _image.Symbols.IsStart(place + 8) ? place + 8
                    : _image.Symbols.IsStart(place - 4) ? place - 4
                    : place
                );
            }

            Note("__mcount_loc", result.Count);
        }

        return result;
    }

    private HashSet<ulong>? ReadBlacklist()
    {
        if (
            !Table(
                "_kprobe_blacklist",
                "__start_kprobe_blacklist",
                "__stop_kprobe_blacklist",
                8,
                null,
                0,
                out var bytes,
                out _
            )
        )
        {
            return null;
        }

        var result = new HashSet<ulong>();
        for (long at = 0; at + 8 <= bytes.Length; at += 8)
        {
            result.Add(bytes.U64(at));
        }

        Note("_kprobe_blacklist", result.Count);
        return result;
    }

    private HashSet<ulong> ReadExported()
    {
        var result = new HashSet<ulong>();
        foreach (
            var (start, end) in new[]
            {
                ("__start___ksymtab", "__stop___ksymtab"),
                ("__start___ksymtab_gpl", "__stop___ksymtab_gpl"),
            }
        )
        {
            var range = _image.Sections.Range(start, end);
            for (var at = range.Start; at + 12 <= range.End; at += 12)
            {
                if (_image.Space.TryRead32(at, out var value))
                {
                    result.Add(Relative(at, (int)value));
                }
            }
        }

        return result;
    }

    private bool Table(
        string section,
        string start,
        string end,
        int size,
        Func<ByteView, long, ulong, bool>? isRow,
        int least,
        out ByteView bytes,
        out ulong address
    )
    {
        var range = _image.Sections.Range(start, end, section);
        if (!range.IsEmpty && _image.Space.Find(range.Start) is { } region && range.End <= region.End)
        {
            bytes = region.View.Slice((long)(range.Start - region.Address), (long)range.Size);
            address = range.Start;
            _found.Add(
                new TableInfo(section, null, _image.Symbols[start] is null ? "by its section" : "by its symbols")
            );
            return true;
        }

        if (isRow is not null && ByShape(isRow, size == 0 ? 12 : size, least) is { } found)
        {
            (bytes, address) = found;
            _found.Add(new TableInfo(section, null, "by its shape: its symbols are not in the image"));
            return true;
        }

        _found.Add(new TableInfo(section, null, "not found"));
        bytes = default;
        address = 0;
        return false;
    }

    private (ByteView Bytes, ulong Address)? ByShape(Func<ByteView, long, ulong, bool> isRow, int size, int least)
    {
        (MemoryRegion Region, long Start, long Count)? best = null;
        foreach (var region in _image.Space.Regions)
        {
            var view = region.View;
            var step = size % 8 == 0 ? 8 : 4;
            for (long at = 0; at + size <= view.Length; at += step)
            {
                if (!isRow(view, at, region.Address))
                {
                    continue;
                }

                long count = 1;
                while (at + ((count + 1) * size) <= view.Length && isRow(view, at + (count * size), region.Address))
                {
                    count++;
                }

                if (count >= least && count > (best?.Count ?? 0))
                {
                    best = (region, at, count);
                }

                at += (count * size) - step;
            }
        }

        return best is { } b ? (b.Region.View.Slice(b.Start, b.Count * size), b.Region.Address + (ulong)b.Start) : null;
    }

    private bool IsJump(ByteView bytes, long at, ulong address)
    {
        var here = address + (ulong)at;
        ulong site = Relative(here, bytes.S32(at)),
            target = Relative(here + 4, bytes.S32(at + 4));
        return site % 4 == 0
            && target % 4 == 0
            && IsText(site)
            && IsText(target)
            && site - target + (1 << 20) < 2 << 20
            && here + 8 + bytes.U64(at + 8) is var key
            && key - here + (1UL << 28) < 1UL << 29
            && !IsText(key);
    }

    private bool IsPlace(ByteView bytes, long at, ulong address)
    {
        var place = bytes.U64(at);
        return IsText(place)
            && (
                _image.Symbols.IsStart(place) || _image.Symbols.IsStart(place + 8) || _image.Symbols.IsStart(place - 4)
            );
    }

    private bool IsArmAlternative(ByteView bytes, long at, ulong address)
    {
        var here = address + (ulong)at;
        int length = bytes.U8(at + 10),
            other = bytes.U8(at + 11);
        return length is > 0 and < 200
            && length % 4 == 0
            && (other == length || other == 0)
            && (bytes.U16(at + 8) & 0x7fff) < 256
            && IsText(Relative(here, bytes.S32(at)))
            && IsText(Relative(here + 4, bytes.S32(at + 4)));
    }

    private bool IsText(ulong address) =>
        _image.Sections.Text.Contains(address) || _image.Sections.Init.Contains(address);

    private int Fits(ByteView bytes, ulong address, int size)
    {
        if (bytes.Length % size != 0 && bytes.Length / size < 4)
        {
            return 0;
        }

        var rows = Math.Min(bytes.Length / size, 2000);
        var hits = 0;
        for (var i = 0; i < rows; i++)
        {
            var at = (long)i * size;
            hits +=
                _image.Space.IsCode(Relative(address + (ulong)at, bytes.S32(at)))
                && bytes.U8(at + size - 1) <= bytes.U8(at + size - 2) + 64
                    ? 1
                    : 0;
        }

        return rows == 0 ? 0 : hits * 1000 / rows;
    }

    private void Note(string section, int entries, string? how = null)
    {
        var index = _found.FindLastIndex(t => t.Name == section);
        _found[index] = _found[index] with
        {
            Entries = entries,
            How = how is null ? _found[index].How : $"{_found[index].How}; {how}",
        };
    }

    private static ulong Relative(ulong place, int distance) => place + (ulong)(long)distance;
}
