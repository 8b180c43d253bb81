using Lazykick.Auditing.Bytes;
using Lazykick.Auditing.Layout;
using Lazykick.Auditing.Symbols;
using Lazykick.Auditing.Tables;

namespace Lazykick.Auditing.Tests.Tables;

/// <summary>An arm64 image that names code alone: where its tables are is told by the text that reads them.</summary>
public class NamelessTests
{
    private const ulong Base = 0xffff800080000000;
    private const int TextSize = 0x10000;
    private const int ReadOnly = 0x20000;
    private const int JumpAt = 0x21000;
    private const int TracedAt = 0x22000;
    private const int ExportAt = 0x23000;
    private const int NamesAt = 0x28000;
    private const int Init = 0x30000;
    private const int Data = 0x40000;
    private readonly byte[] _image = new byte[0x50000];
    private readonly List<Symbol> _symbols = [];

    [Fact]
    public void The_jump_table_is_what_jump_label_init_walks()
    {
        var tables = Tables();

        Assert.Equal(3, tables.Jumps.Count);
        Assert.All(tables.Jumps.Values, j => Assert.Equal(Base + Data + 0x40, j.Key));
        Assert.Contains("jump_label_init", Info(tables, "__jump_table").How, StringComparison.Ordinal);
        Assert.True(Info(tables, "__jump_table").IsInferred);
    }

    [Fact]
    public void Addresses_that_enclose_no_rows_are_no_table()
    {
        // What lies after the table has no rows: the pair with it is longer, and is not taken.
        Names("jump_label_init", Init, JumpAt, JumpAt + 48, JumpAt + 0x800);

        Assert.Equal(3, Tables().Jumps.Count);
    }

    [Fact]
    public void Traceable_functions_are_what_ftrace_init_walks() =>
        Assert.Equal([Base + 0x100, Base + 0x200], Tables().Traceable!.Order());

    [Fact]
    public void Without_its_reader_a_table_is_not_known_and_not_empty()
    {
        _symbols.RemoveAll(s => s.Name == "ftrace_init");

        Assert.Null(Tables().Traceable);
    }

    [Fact]
    public void Sealed_is_what_mark_rodata_ro_protects()
    {
        var sealedData = Tables().ReadOnlyAfterInit;

        Assert.Equal(new AddressRange(Base + ReadOnly, Base + Init), sealedData);
        Assert.False(sealedData.Contains(Base + Data));
    }

    [Fact]
    public void Exports_are_found_by_their_rows_with_their_names()
    {
        var exported = Tables().Exported!;

        Assert.Equal(1200, exported.Count);
        Assert.Equal("export_7", exported[Base + Data + (7 * 8)]);
    }

    [Fact]
    public void Too_few_rows_of_exports_are_none_that_are_known()
    {
        Array.Clear(_image, ExportAt + (600 * 12), 600 * 12);

        Assert.Null(Tables().Exported);
    }

    public NamelessTests()
    {
        _symbols.AddRange([
            new Symbol(Base, "_stext", 'T'),
            new Symbol(Base + TextSize, "_etext", 'T'),
            new Symbol(Base + Init, "_sinittext", 'T'),
            new Symbol(Base + Init + 0x8000, "_einittext", 'T'),
        ]);
        for (ulong at = 0x100; at < 0x1000; at += 0x100)
        {
            _symbols.Add(new Symbol(Base + at, $"function_{at:x}", 't'));
        }

        for (var row = 0; row < 3; row++)
        {
            var at = JumpAt + (row * 16);
            Write(at, 0x100 + (row * 4) - at);
            Write(at + 4, 0x180 - at - 4);
            BitConverter.TryWriteBytes(_image.AsSpan(at + 8), (long)(Data + 0x40 - at - 8));
        }

        BitConverter.TryWriteBytes(_image.AsSpan(TracedAt), Base + 0x100);
        BitConverter.TryWriteBytes(_image.AsSpan(TracedAt + 8), Base + 0x204);
        var name = NamesAt;
        for (var row = 0; row < 1200; row++)
        {
            var at = ExportAt + (row * 12);
            Write(at, Data + (row * 8) - at);
            Write(at + 4, name - at - 4);
            name += System.Text.Encoding.ASCII.GetBytes($"export_{row}\0", _image.AsSpan(name));
        }

        Names("jump_label_init", Init, JumpAt, JumpAt + 48);
        Names("ftrace_init", Init + 0x100, TracedAt, TracedAt + 16);
        Names("mark_rodata_ro", 0x2000, ReadOnly, Init);
    }

    private static TableInfo Info(PatchTables tables, string name) => tables.Found.Single(t => t.Name == name);

    private void Write(int at, int value) => BitConverter.TryWriteBytes(_image.AsSpan(at), value);

    /// <summary>A function that makes addresses by adrp and add.</summary>
    private void Names(string function, int at, params int[] addresses)
    {
        _symbols.RemoveAll(s => s.Name == function);
        _symbols.Add(new Symbol(Base + (ulong)at, function, 't'));
        for (var i = 0; i < addresses.Length; i++)
        {
            var place = at + (i * 8);
            var pages = (uint)((addresses[i] >> 12) - (place >> 12));
            Write(place, (int)(0x90000000 | ((pages & 3) << 29) | (((pages >> 2) & 0x7ffff) << 5)));
            Write(place + 4, (int)(0x91000000 | ((uint)(addresses[i] & 0xfff) << 10)));
        }

        Write(at + (addresses.Length * 8), unchecked((int)0xd65f03c0));
        _symbols.Add(new Symbol(Base + (ulong)(at + (addresses.Length * 8) + 4), function + "_next", 't'));
    }

    private PatchTables Tables()
    {
        var space = new AddressSpace([new MemoryRegion("Image", Base, _image, IsCode: true)]);
        var symbols = new SymbolTable(_symbols, "test");
        return new PatchTables(
            MachineKind.Arm64,
            space,
            symbols,
            new SectionMap(space, symbols, isModule: false),
            isModule: false,
            infers: true
        );
    }
}
