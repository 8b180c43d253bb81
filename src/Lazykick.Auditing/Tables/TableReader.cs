using Lazykick.Auditing.Bytes;
using Lazykick.Auditing.Layout;
using Lazykick.Auditing.Symbols;

namespace Lazykick.Auditing.Tables;

/// <summary>Reads the tables: rows as the image's own BTF lays them out, where it has any.</summary>
internal sealed class TableReader
{
    private const int JumpSize = 16;
    private const int CallSize = 8;
    private readonly MachineKind _machine;
    private readonly AddressSpace _space;
    private readonly SymbolTable _symbols;
    private readonly bool _isModule;
    private readonly TableLocator _locator;
    private readonly TableRows _rows;
    private readonly List<TableInfo> _found = [];

    public TableReader(
        MachineKind machine,
        AddressSpace space,
        SymbolTable symbols,
        SectionMap sections,
        bool isModule,
        bool infers
    )
    {
        _machine = machine;
        _space = space;
        _symbols = symbols;
        _isModule = isModule;
        _locator = new TableLocator(machine, space, symbols, sections, infers);
        _rows = new TableRows(space, symbols, sections);
        Layouts = KernelLayouts.Of(space, symbols);
        Jumps = ReadJumps();
        Calls = ReadCalls();
        Alternatives = ReadAlternatives().ToLookup(a => a.Site);
        Traceable = ReadTraceable();
        Blacklist = ReadBlacklist();
        Exports = ExportTable.Read(_locator, _rows, space, Layouts, isModule);
        _found.Add(Exports.Info);
        ReadOnlyAfterInit = ReadSealed();
    }

    public KernelLayouts Layouts { get; }

    public Dictionary<ulong, JumpEntry> Jumps { get; }

    public Dictionary<ulong, StaticCallSite> Calls { get; }

    public ILookup<ulong, Alternative> Alternatives { get; }

    public HashSet<ulong>? Traceable { get; }

    public HashSet<ulong>? Blacklist { get; }

    public ExportTable Exports { get; }

    public AddressRange ReadOnlyAfterInit { get; }

    public IReadOnlyList<TableInfo> Found => _found;

    private Dictionary<ulong, JumpEntry> ReadJumps()
    {
        var result = new Dictionary<ulong, JumpEntry>();
        var table = Locate(
            new TableShape("__jump_table", "__start___jump_table", "__stop___jump_table", JumpSize)
            {
                IsRow = _rows.IsJump,
                Readers = ["jump_label_init"],
            },
            "jump_entry"
        );
        if (table is not { } found)
        {
            return result;
        }

        var bytes = found.Bytes;
        for (long at = 0; at + JumpSize <= bytes.Length; at += JumpSize)
        {
            var here = found.Address + (ulong)at;
            var site = TableRows.Relative(here, bytes.S32(at));
            var target = TableRows.Relative(here + 4, bytes.S32(at + 4));
            var key = here + 8 + bytes.U64(at + 8);
            result.TryAdd(site, new JumpEntry(site, target, key & ~3UL, (key & 1) != 0, (key & 2) != 0));
        }

        Note("__jump_table", result.Count);
        return result;
    }

    private Dictionary<ulong, StaticCallSite> ReadCalls()
    {
        var result = new Dictionary<ulong, StaticCallSite>();

        // arm64 has no inline static calls (HAVE_STATIC_CALL_INLINE): they are indirect calls there.
        if (
            _machine == MachineKind.Arm64
            || Locate(
                new TableShape(".static_call_sites", "__start_static_call_sites", "__stop_static_call_sites", CallSize),
                "static_call_site"
            )
                is not { } found
        )
        {
            return result;
        }

        var bytes = found.Bytes;
        for (long at = 0; at + CallSize <= bytes.Length; at += CallSize)
        {
            var here = found.Address + (ulong)at;
            var site = TableRows.Relative(here, bytes.S32(at));
            var key = TableRows.Relative(here + 4, bytes.S32(at + 4));
            result.TryAdd(site, new StaticCallSite(site, key & ~3UL, (key & 1) != 0, (key & 2) != 0));
        }

        Note(".static_call_sites", result.Count);
        return result;
    }

    private List<Alternative> ReadAlternatives()
    {
        var result = new List<Alternative>();
        var isArm = _machine == MachineKind.Arm64;
        if (
            Locate(
                new TableShape(".altinstructions", "__alt_instructions", "__alt_instructions_end", 12)
                {
                    IsRow = isArm ? _rows.IsArmAlternative : null,
                    Readers = ["apply_boot_alternatives", "__apply_alternatives_multi_stop", "apply_alternatives_all"],
                },
                null
            )
            is not { } found
        )
        {
            return result;
        }

        var layout = Layouts.Alternative ?? AlternativeLayout.ThatFits(_machine, _space, found);
        var bytes = found.Bytes;
        for (long at = 0; at + layout.Size <= bytes.Length; at += layout.Size)
        {
            var here = found.Address + (ulong)at;
            int feature = bytes.U16(at + layout.Feature),
                length = bytes.U8(at + layout.ReplacementLength);
            var callback = isArm
                ? (feature & 0x8000) != 0 || length == 0
                : layout.HasFlags && (bytes.U16(at + layout.Feature + 2) & 2) != 0;
            result.Add(
                new Alternative(
                    TableRows.Relative(here, bytes.S32(at)),
                    TableRows.Relative(here + 4, bytes.S32(at + 4)),
                    feature & (isArm || !layout.HasFlags ? 0x7fff : 0xffff),
                    bytes.U8(at + layout.SiteLength),
                    length,
                    callback
                )
            );
        }

        Note(".altinstructions", result.Count, $"rows of {layout.Size} bytes, {layout.How}");
        return result;
    }

    private HashSet<ulong>? ReadTraceable()
    {
        var result = new HashSet<ulong>();
        if (
            Locate(
                new TableShape("__mcount_loc", "__start_mcount_loc", "__stop_mcount_loc", 8)
                {
                    IsRow = _rows.IsTraced,
                    Readers = ["ftrace_init"],
                    Least = 5000,
                },
                null
            )
            is not { } found
        )
        {
            return _isModule ? result : null;
        }

        for (long at = 0; at + 8 <= found.Bytes.Length; at += 8)
        {
            // The place is the function, 4 bytes into it (after endbr64 or bti), or 8 bytes before it (arm64 with
            // call operations). Functions that the linker dropped have no place.
            var place = found.Bytes.U64(at);
            if (place != 0)
            {
                result.Add(
                    _symbols.IsStart(place) ? place
                    : _symbols.IsStart(place + 8) ? place + 8
                    : _symbols.IsStart(place - 4) ? place - 4
                    : place
                );
            }
        }

        Note("__mcount_loc", result.Count);
        return result;
    }

    private HashSet<ulong>? ReadBlacklist()
    {
        if (
            Locate(
                new TableShape("_kprobe_blacklist", "__start_kprobe_blacklist", "__stop_kprobe_blacklist", 8)
                {
                    IsRow = _rows.IsFunction,
                    Readers = ["init_kprobes"],
                    Least = 20,
                },
                null
            )
            is not { } found
        )
        {
            return null;
        }

        var result = new HashSet<ulong>();
        for (long at = 0; at + 8 <= found.Bytes.Length; at += 8)
        {
            result.Add(found.Bytes.U64(at));
        }

        Note("_kprobe_blacklist", result.Count);
        return result;
    }

    private AddressRange ReadSealed()
    {
        var (range, isInferred) = _locator.ReadOnlyAfterInit();
        if (isInferred)
        {
            _found.Add(
                new TableInfo("read-only after init", null, "what mark_rodata_ro() protects") { IsInferred = true }
            );
        }

        return range;
    }

    private LocatedTable? Locate(TableShape shape, string? type)
    {
        var wrong = type is null ? null : Layouts.Fits(type, shape.Size);
        var table = wrong is null ? _locator.Locate(shape) : null;
        _found.Add(
            new TableInfo(shape.Section, null, wrong ?? table?.How ?? "not found")
            {
                IsInferred = table is { IsInferred: true },
            }
        );
        return table;
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
}
