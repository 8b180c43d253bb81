using System.IO.Compression;
using Lazykick.Auditing.Bytes;
using Lazykick.Auditing.Tests.Support;
using Lazykick.Auditing.Unpacking;

namespace Lazykick.Auditing.Tests.Images;

public class ContainerTests
{
    // xz --check=crc32 --x86 of the bytes that Calls() makes.
    internal const string XzWithX86Filter =
        "/Td6WFoAAAFpIt42AgEEACEBCADSuXTL4ASvAexdAHQNWw/8gsh57SqNNO7Fvq4WE60RrxGfe7u7QdH+l7v0ucYdmAfphvgGjGyK"
        + "IYIjPwZzr+fbptQ+PxEvtuclX7pzyd/uRUNoyyuIqOKwNnoezc0nmiFFDr4sIZ39Gll2J5qaimDoigpisTbx4H3SN/K/Mf1FW7Tn"
        + "ZD/yadgfeniPO0rQPGowBFmBZgrLEJVjaDc0AKZhwGYQJTrg32+YGwRwzwgmD7cwMdBNhiFteMOY14LAQj+MhwJsI8mlqAxnhbaC"
        + "PLZjZC/QDaRxHGKVuRUBeOlgm2T3SlIzI9qwkC33hRK81A+mZ40w98Kh4BesiDwbz0j8JGgJPjTLkfulzc+PAv2giYPoTUf/Tlzw"
        + "FuzVL3+SreIrg9/JkGBCFcrmrf3HnuvBFk5D8OMBCmmNYuo4O3W5RsYVanf2B6bXtBWIxeyWmWAfx9vyhYbeEpAh4IA8SKIrFBJt"
        + "gEOuMMclmZE5pla+Uo0zwDXIvEzlv9GO8+SLmCxV0Uh1vmWpfIDe0ExfnQl8KJRuSE/5q8saHqrVRlj++FnqX4dTAXUexPUlJ1kG"
        + "a7sxMnk35ANjRscc4AafcTrTGCXoLhz07GJa9gnwSOva5UkEl0mPlEaKqmct4m/UTOwXgRHxggW6/He1RDg3G0rTxpuySdvnAADA"
        + "OhirAAGEBLAJAADGUVehPjANiwIAAAAAAVla";

    [Fact]
    public void Xz_with_the_x86_filter_gives_the_bytes_that_were_packed() =>
        Assert.Equal(Calls(), Decompressor.Unpack(Convert.FromBase64String(XzWithX86Filter), 0).ToArray());

    [Fact]
    public void A_bit_that_fell_in_an_xz_stream_is_found_by_its_checksum()
    {
        var packed = Convert.FromBase64String(XzWithX86Filter);
        packed[200] ^= 4;

        Assert.Throws<ImageException>(() => Decompressor.Unpack(packed, 0));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    public void A_bzImage_is_unpacked_whatever_follows_its_payload(string kind)
    {
        var elf = new TinyKernel().Build();
        var packed = kind == "gzip" ? Gzip(elf) : new ZstdSharp.Compressor().Wrap(elf).ToArray();
        byte[] payload = [.. packed, .. BitConverter.GetBytes(elf.Length)];

        var unpacked = Container.Open(new MemoryFile(BzImage(payload)));

        Assert.Equal($"bzImage, {kind}, ELF", unpacked.Container);
        Assert.Equal(elf, unpacked.File.Read(0, unpacked.File.Length).Memory.ToArray());
    }

    [Fact]
    public void A_zboot_image_is_unpacked()
    {
        var elf = new TinyKernel().Build();
        Assert.Equal("EFI zboot, gzip, ELF", Container.Open(new MemoryFile(Zboot(Gzip(elf)))).Container);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a kernel, and long enough to have all the places that a reader looks at for a magic number")]
    public void What_is_no_image_is_refused_in_words(string text)
    {
        var refusal = Assert.Throws<ImageException>(() =>
            Container.Open(new MemoryFile(System.Text.Encoding.ASCII.GetBytes(text)))
        );

        Assert.Contains("no kernel image", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_packed_size_beyond_the_file_is_refused()
    {
        var file = BzImage(Gzip(new TinyKernel().Build()));
        BitConverter.TryWriteBytes(file.AsSpan(0x24c), int.MaxValue);

        Assert.Throws<ImageException>(() => Container.Open(new MemoryFile(file)));
    }

    internal static byte[] BzImage(byte[] payload)
    {
        var file = new byte[1024 + payload.Length];
        file[0x1f1] = 1;
        BitConverter.TryWriteBytes(file.AsSpan(0x202), 0x53726448);
        BitConverter.TryWriteBytes(file.AsSpan(0x206), (short)0x20f);
        BitConverter.TryWriteBytes(file.AsSpan(0x24c), payload.Length);
        payload.CopyTo(file, 1024);
        return file;
    }

    internal static byte[] Zboot(byte[] packed)
    {
        var file = new byte[64 + packed.Length];
        "MZ\0\0zimg"u8.CopyTo(file);
        BitConverter.TryWriteBytes(file.AsSpan(8), 64);
        BitConverter.TryWriteBytes(file.AsSpan(12), packed.Length);
        "gzip"u8.CopyTo(file.AsSpan(24));
        packed.CopyTo(file, 64);
        return file;
    }

    internal static byte[] Gzip(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    private static byte[] Calls() =>
        [
            .. Enumerable
                .Range(0, 200)
                .SelectMany(i =>
                    (byte[])
                        [
                            0xe8,
                            .. BitConverter.GetBytes((i * 37 % 4099) - 2000),
                            ((byte[])[0x90, 0xe9, 0xc3, 0x55])[i % 4],
                        ]
                ),
        ];
}
