using Lazykick.Auditing.Symbols;
using Lazykick.Auditing.Tests.Support;

namespace Lazykick.Auditing.Tests.Images;

public class KallsymsTests
{
    private const ulong Base = KallsymsWriter.Base;

    [Theory]
    [InlineData("offsets before the names, relative to a base")]
    [InlineData("offsets before the names, per-CPU symbols absolute")]
    [InlineData("offsets after the tokens, relative to a base")]
    [InlineData("offsets after the tokens, relative to themselves")]
    public void Each_layout_gives_back_the_names_and_addresses_that_were_put_in(string layout)
    {
        var symbols = Symbols(3001);
        var bytes = KallsymsWriter.Write(symbols, layout);

        var found = Kallsyms.Read(bytes, Base + 0x1000000);

        Assert.NotNull(found);
        Assert.Equal(layout, found.Value.Layout);
        Assert.Equal(symbols.Select(s => (s.Name, s.Address)), found.Value.Symbols.Select(s => (s.Name, s.Address)));
        Assert.All(found.Value.Symbols, s => Assert.Equal('T', s.Kind));
    }

    [Fact]
    public void A_base_that_is_relocated_at_boot_is_asked_for()
    {
        var bytes = KallsymsWriter.Write(Symbols(2000), "offsets before the names, relative to a base", storedBase: 0);

        Assert.Null(Kallsyms.Read(bytes, 0));
        Assert.Equal(Base, Kallsyms.Read(bytes, 0, _ => Base)!.Value.Symbols[0].Address);
    }

    [Fact]
    public void A_name_of_more_than_127_tokens_has_a_length_of_two_bytes()
    {
        var symbols = Symbols(2000);
        symbols[700] = (new string('q', 300), symbols[700].Address);

        Assert.Equal(
            new string('q', 300),
            Kallsyms
                .Read(KallsymsWriter.Write(symbols, "offsets after the tokens, relative to a base"), 0)!
                .Value.Symbols[700]
                .Name
        );
    }

    [Fact]
    public void Bytes_without_the_tables_give_nothing()
    {
        var random = new byte[1 << 16];
        new Random(7).NextBytes(random);

        Assert.Null(Kallsyms.Read(random, 0));
        Assert.Null(Kallsyms.Read([], 0));
    }

    private static List<(string Name, ulong Address)> Symbols(int count) =>
        [.. Enumerable.Range(0, count).Select(i => ($"function_{i}", Base + (ulong)(i * 24)))];
}
