using Lazykick.Traces.Bytes.Codecs;

namespace Lazykick.Traces.Tests.Reading;

public sealed class ZstdTests
{
    public static TheoryData<string, string> CompressedFiles =>
        new()
        {
            { "x86-7.3-raw", "kallsyms.zst" },
            { "host-6.18-raw", "trace.txt.zst" },
            { "arm64-6.12-72cpu-raw", "raw/cpu70.raw.zst" },
            { "arm64-6.12-72cpu-raw", "raw/cpu71.raw.zst" },
            { "x86-6.12-tracecmd", "trace.dat.zst" },
        };

    [Theory]
    [MemberData(nameof(CompressedFiles))]
    public void The_managed_decoder_and_libzstd_give_the_same_bytes_of_a_file(string capture, string file)
    {
        var compressed = File.ReadAllBytes(SharedTraces.Path(capture, file));

        var (managed, managedIntact) = DecodeStream(new ManagedZstdDecoder(), compressed, 65_536, 100_000);
        var (native, nativeIntact) = DecodeStream(Native(), compressed, 1_000_003, 50_000);

        Assert.True(managedIntact);
        Assert.True(nativeIntact);
        Assert.Equal(native, managed);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("-3")]
    [InlineData("-9")]
    [InlineData("-19")]
    [InlineData("--ultra -22")]
    [InlineData("--fast=5")]
    [InlineData("-3 --no-check")]
    public void The_managed_decoder_reads_what_the_zstd_tool_writes(string options)
    {
        const int seed = 20181127;
        var random = new Random(seed);
        for (var round = 0; round < 6; round++)
        {
            var content = Sample(random, round);
            var path = Path.GetTempFileName();
            try
            {
                File.WriteAllBytes(path, content);
                var compressed = Tool.Run("zstd", [.. options.Split(' '), "-q", "-c", path]);
                Assert.Equal(content, DecodeWhole(new ManagedZstdDecoder(), compressed, content.Length));
                Assert.Equal(
                    content,
                    DecodeStream(
                        new ManagedZstdDecoder(),
                        compressed,
                        1 + random.Next(5000),
                        1 + random.Next(300_000)
                    ).Content
                );
            }
            finally
            {
                File.Delete(path);
            }
        }
    }

    [Fact]
    public void Frames_in_a_row_and_skippable_ones_are_read_as_one_stream()
    {
        // An empty frame, a skippable frame of 3 bytes, a raw block "ab", a repeated block of 5 'c'.
        byte[] input =
        [
            0x28,
            0xB5,
            0x2F,
            0xFD,
            0x20,
            0x00,
            0x01,
            0x00,
            0x00,
            0x5A,
            0x2A,
            0x4D,
            0x18,
            3,
            0,
            0,
            0,
            9,
            9,
            9,
            0x28,
            0xB5,
            0x2F,
            0xFD,
            0x20,
            0x07,
            (2 << 3) | 0,
            0x00,
            0x00,
            (byte)'a',
            (byte)'b',
            (5 << 3) | 3,
            0x00,
            0x00,
            (byte)'c',
        ];

        Assert.Equal("abccccc"u8.ToArray(), DecodeWhole(new ManagedZstdDecoder(), input, 7));
        Assert.Equal("abccccc"u8.ToArray(), DecodeStream(new ManagedZstdDecoder(), input, 1, 1).Content);
        Assert.Equal("abccccc"u8.ToArray(), DecodeStream(Native(), input, 1, 1).Content);
    }

    [Fact]
    public void A_mutated_stream_never_makes_the_managed_decoder_throw_and_what_both_accept_is_equal()
    {
        const int seed = 550;
        var random = new Random(seed);
        var rounds = LongMode.Scale(3_000, 300_000);
        var path = Path.GetTempFileName();
        File.WriteAllBytes(path, Sample(random, 2)[..30_000]);
        var good = Tool.Run("zstd", "-q", "--no-check", "-c", path);
        File.Delete(path);
        var accepted = 0;
        for (var round = 0; round < rounds; round++)
        {
            var bad = Mutation.Of(good, random);
            var managedOutput = new byte[40_000];
            var nativeOutput = new byte[40_000];
            using var native = Native();
            var managedTook = new ManagedZstdDecoder().TryDecode(bad, managedOutput, out var managedCount);
            var nativeTook = native.TryDecode(bad, nativeOutput, out var nativeCount);
            if (managedTook && nativeTook)
            {
                accepted++;
                Assert.True(
                    managedOutput.AsSpan(0, managedCount).SequenceEqual(nativeOutput.AsSpan(0, nativeCount)),
                    $"seed {seed}, round {round}"
                );
            }

            _ = DecodeStream(new ManagedZstdDecoder(), bad, 4096, 4096);
        }

        Assert.InRange(accepted, rounds / 100, rounds);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(40)]
    public void A_stream_that_ends_early_is_not_at_a_frame_end(int cut)
    {
        byte[] input = [0x28, 0xB5, 0x2F, 0xFD, 0x20, 0x02, (2 << 3) | 1, 0x00, 0x00, (byte)'a', (byte)'b'];
        var decoder = new ManagedZstdDecoder();

        var whole = cut >= input.Length;
        _ = decoder.TryContinue(input.AsSpan(0, Math.Min(cut, input.Length)), new byte[10], out _, out var written);

        Assert.Equal(whole || cut == 0, decoder.IsAtFrameEnd);
        Assert.Equal(whole ? 2 : 0, written);
    }

    [Fact]
    public void A_head_that_promises_a_huge_window_costs_no_memory()
    {
        byte[] input = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 17 << 3, (2 << 3) | 1, 0x00, 0x00, (byte)'a', (byte)'b'];
        _ = DecodeStream(new ManagedZstdDecoder(), input, 100, 100);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var (content, intact) = DecodeStream(new ManagedZstdDecoder(), input, 100, 100);

        Assert.True(intact);
        Assert.Equal("ab"u8.ToArray(), content);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 << 20);
    }

    private static NativeZstdDecoder Native()
    {
        var native = NativeZstdDecoder.TryCreate();
        if (native is null)
            Assert.Skip("libzstd.so.1 is not there");
        return native!;
    }

    private static byte[] DecodeWhole(ZstdDecoder decoder, byte[] input, int length)
    {
        var output = new byte[length];
        Assert.True(decoder.TryDecode(input, output, out var written));
        return output[..written];
    }

    private static (byte[] Content, bool Intact) DecodeStream(
        ZstdDecoder decoder,
        byte[] input,
        int inputStep,
        int outputStep
    )
    {
        using var content = new MemoryStream();
        var output = new byte[outputStep];
        var at = 0;
        while (true)
        {
            var piece = input.AsSpan(at, Math.Min(inputStep, input.Length - at));
            if (!decoder.TryContinue(piece, output, out var consumed, out var written))
                return (content.ToArray(), false);
            at += consumed;
            content.Write(output, 0, written);
            if (consumed == 0 && written == 0)
                return (content.ToArray(), at == input.Length && decoder.IsAtFrameEnd);
        }
    }

    /// <summary>Content of different nature: text-like, noise, runs, records, a little, much.</summary>
    private static byte[] Sample(Random random, int kind)
    {
        var content = new byte[
            kind switch
            {
                3 => 5,
                5 => 700_000,
                _ => 150_000,
            }
        ];
        for (var i = 0; i < content.Length; i++)
        {
            content[i] = kind switch
            {
                0 => (byte)"the quick kernel kicks the lazy cpu "[random.Next(36)],
                1 => (byte)random.Next(256),
                2 or 5 => (byte)(i % 46 < 30 ? (i % 46) * 3 : random.Next(1 << (i % 8))),
                4 => (byte)(i / 9000),
                _ => (byte)i,
            };
        }

        return content;
    }
}
