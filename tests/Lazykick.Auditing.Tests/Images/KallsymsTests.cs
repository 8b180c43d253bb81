using System.Text;
using Lazykick.Auditing.Symbols;

namespace Lazykick.Auditing.Tests.Images;

public class KallsymsTests
{
    private const ulong Base = 0xffff800080000000;

    [Theory]
    [InlineData("offsets before the names, relative to a base")]
    [InlineData("offsets before the names, per-CPU symbols absolute")]
    [InlineData("offsets after the tokens, relative to a base")]
    [InlineData("offsets after the tokens, relative to themselves")]
    public void Each_layout_gives_back_the_names_and_addresses_that_were_put_in(string layout)
    {
        var symbols = Symbols(3001);
        var bytes = Write(symbols, layout);

        var found = Kallsyms.Read(bytes, Base + 0x1000000);

        Assert.NotNull(found);
        Assert.Equal(layout, found.Value.Layout);
        Assert.Equal(symbols.Select(s => (s.Name, s.Address)), found.Value.Symbols.Select(s => (s.Name, s.Address)));
        Assert.All(found.Value.Symbols, s => Assert.Equal('T', s.Kind));
    }

    [Fact]
    public void A_base_that_is_relocated_at_boot_is_asked_for()
    {
        var bytes = Write(Symbols(2000), "offsets before the names, relative to a base", storedBase: 0);

        Assert.Null(Kallsyms.Read(bytes, 0));
        Assert.Equal(Base, Kallsyms.Read(bytes, 0, _ => Base)!.Value.Symbols[0].Address);
    }

    [Fact]
    public void A_name_of_more_than_127_tokens_has_a_length_of_two_bytes()
    {
        var symbols = Symbols(2000);
        symbols[700] = (new string('q', 300), symbols[700].Address);

        Assert.Equal(new string('q', 300), Kallsyms.Read(Write(symbols, "offsets after the tokens, relative to a base"), 0)!.Value.Symbols[700].Name);
    }

    [Fact]
    public void Bytes_without_the_tables_give_nothing()
    {
        var random = new byte[1 << 16];
        new Random(7).NextBytes(random);

        Assert.Null(Kallsyms.Read(random, 0));
        Assert.Null(Kallsyms.Read([], 0));
    }

    private static List<(string Name, ulong Address)> Symbols(int count)
        => [.. Enumerable.Range(0, count).Select(i => ($"function_{i}", Base + (ulong)(i * 24)))];

    /// <summary>The tables as scripts/kallsyms.c lays them out; every token is one character.</summary>
    private static byte[] Write(List<(string Name, ulong Address)> symbols, string layout, ulong storedBase = Base)
    {
        var file = new MemoryStream();
        file.Write(new byte[64]);
        var isBefore = layout.Contains("before", StringComparison.Ordinal);
        var isAbsolute = layout.Contains("absolute", StringComparison.Ordinal);
        if (isBefore)
        {
            Offsets(file, symbols, isAbsolute, storedBase);
        }

        Align(file);
        file.Write(BitConverter.GetBytes(symbols.Count));
        Align(file);
        var names = new MemoryStream();
        var markers = new List<uint>();
        for (var i = 0; i < symbols.Count; i++)
        {
            if (i % 256 == 0)
            {
                markers.Add((uint)names.Length);
            }

            var text = Encoding.ASCII.GetBytes("T" + symbols[i].Name);
            if (text.Length < 128)
            {
                names.WriteByte((byte)text.Length);
            }
            else
            {
                names.WriteByte((byte)(text.Length & 0x7f | 0x80));
                names.WriteByte((byte)(text.Length >> 7));
            }

            names.Write(text);
        }

        file.Write(names.ToArray());
        Align(file);
        markers.ForEach(m => file.Write(BitConverter.GetBytes(m)));
        Align(file);
        if (isBefore)
        {
            file.Write(new byte[(symbols.Count * 3) + 8]);
            Align(file);
        }

        var offsets = new List<ushort>();
        var start = file.Position;
        for (var token = 0; token < 256; token++)
        {
            offsets.Add((ushort)(file.Position - start));
            file.Write(token == 0 ? "ct"u8 : [(byte)token]);
            file.WriteByte(0);
        }

        Align(file);
        offsets.ForEach(o => file.Write(BitConverter.GetBytes(o)));
        Align(file);
        if (layout.Contains("themselves", StringComparison.Ordinal))
        {
            foreach (var (_, address) in symbols)
            {
                file.Write(BitConverter.GetBytes((int)(address - (Base + 0x1000000 + (ulong)file.Position))));
            }
        }
        else if (!isBefore)
        {
            Offsets(file, symbols, isAbsolute, storedBase);
        }

        file.Write(new byte[256]);
        return file.ToArray();
    }

    private static void Offsets(MemoryStream file, List<(string Name, ulong Address)> symbols, bool isAbsolute, ulong storedBase)
    {
        Align(file);
        foreach (var (_, address) in symbols)
        {
            var offset = (int)(address - Base);
            file.Write(BitConverter.GetBytes(isAbsolute ? -1 - offset : offset));
        }

        Align(file);
        file.Write(BitConverter.GetBytes(storedBase));
    }

    private static void Align(MemoryStream file)
    {
        while (file.Position % 8 != 0)
        {
            file.WriteByte(0);
        }
    }
}
