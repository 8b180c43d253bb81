using Lazykick.Auditing.Bytes;
using Lazykick.Auditing.Tests.Support;
using Lazykick.Auditing.Types;

namespace Lazykick.Auditing.Tests.Types;

public class BtfReaderTests
{
    [Fact]
    public void A_structure_is_found_after_types_of_all_kinds_with_its_size_and_offsets()
    {
        var btf = new BtfWriter().Struct("jump_entry", 16, ("code", 0), ("target", 4), ("key", 8));
        var layout = Read(btf)["jump_entry"];

        Assert.Equal(16, layout.Size);
        Assert.Equal(8, layout.Offset("key"));
        Assert.Null(layout.Offset("no such member"));
        Assert.Equal(4, layout.Offset("no such member", "target"));
    }

    [Fact]
    public void Members_of_an_anonymous_union_count_as_the_structures_own()
    {
        var layout = Read(new BtfWriter().WithUnion("alt_instr", 14, "ft_flags", 8, "instrlen", 12))["alt_instr"];

        Assert.Equal(8, layout.Offset("ft_flags"));
        Assert.Equal(12, layout.Offset("instrlen"));
    }

    [Fact]
    public void What_is_not_there_is_not_in_the_result() =>
        Assert.Empty(Read(new BtfWriter().Struct("other", 4, ("x", 0))));

    [Fact]
    public void A_kind_that_is_not_known_is_refused_by_its_number()
    {
        var refusal = Assert.Throws<ImageException>(() => Read(new BtfWriter().Unknown()));

        Assert.Contains("type kind 30", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_BTF_is_refused_or_read()
    {
        var whole = new BtfWriter()
            .WithUnion("alt_instr", 14, "ft_flags", 8, "instrlen", 12)
            .Struct("jump_entry", 16, ("code", 0))
            .Build();
        var random = new Random(1);
        int refused = 0,
            read = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = (byte[])whole.Clone();
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            bytes = random.Next(4) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
            try
            {
                BtfReader.Read(new ByteView(bytes), ["alt_instr", "jump_entry"]);
                read++;
            }
            catch (ImageException)
            {
                refused++;
            }
        }

        Assert.True(refused > 1000 && read > 1000, $"{refused} refused, {read} read");
    }

    private static IReadOnlyDictionary<string, StructLayout> Read(BtfWriter btf) =>
        BtfReader.Read(new ByteView(btf.Build()), ["alt_instr", "jump_entry"]);
}
