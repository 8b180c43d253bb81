using Lazykick.Traces.Bytes.Codecs;
using Lazykick.Traces.Tests.Captures;

namespace Lazykick.Traces.Tests.Reading;

public sealed class ZstdTests
{
    public static TheoryData<string, string> CompressedFiles =>
        new()
        {
            { "x86-7.3-raw", "static_key.dat.zst" },
            { "host-6.18-raw", "wake.txt.zst" },
            { "arm64-6.12-72cpu-raw", "membarrier_global.dat.zst" },
            { "lazykernel-S", "sk_user_cpu1.dat.zst" },
            { "x86-6.12-tracecmd", "modules.dat.zst" },
        };

    [Theory]
    [MemberData(nameof(CompressedFiles))]
    public void A_file_decodes_to_what_the_zstd_tool_gives_whatever_the_steps(string capture, string file)
    {
        var path = Path.Combine(CaptureCut.Root, capture, file);
        var compressed = File.ReadAllBytes(path);
        var expected = Tool.Run("zstd", "-dqc", path);

        var (small, smallIntact) = DecodeStream(new ZstdDecoder(), compressed, 65_536, 100_000);
        var (large, largeIntact) = DecodeStream(new ZstdDecoder(), compressed, 1_000_003, 50_000);

        Assert.True(smallIntact);
        Assert.True(largeIntact);
        Assert.Equal(expected, small);
        Assert.Equal(expected, large);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("-3")]
    [InlineData("-9")]
    [InlineData("-19")]
    [InlineData("--ultra -22")]
    [InlineData("--fast=5")]
    [InlineData("-3 --no-check")]
    public void What_the_zstd_tool_writes_is_read(string options)
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
                Assert.Equal(content, DecodeWhole(new ZstdDecoder(), compressed, content.Length));
                Assert.Equal(
                    content,
                    DecodeStream(new ZstdDecoder(), compressed, 1 + random.Next(5000), 1 + random.Next(300_000)).Content
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

        Assert.Equal("abccccc"u8.ToArray(), DecodeStream(new ZstdDecoder(), input, 1, 1).Content);
    }

    [Fact]
    public void A_mutated_stream_never_throws_and_never_writes_past_its_room()
    {
        const int seed = 550;
        var random = new Random(seed);
        var rounds = LongMode.Scale(3_000, 300_000);
        var path = Path.GetTempFileName();
        File.WriteAllBytes(path, Sample(random, 2)[..30_000]);
        var good = Tool.Run("zstd", "-q", "--no-check", "-c", path);
        File.Delete(path);
        var refused = 0;
        for (var round = 0; round < rounds; round++)
        {
            var bad = Mutation.Of(good, random);
            var output = new byte[40_064];
            output.AsSpan(40_000).Fill(0xA5);
            using var decoder = new ZstdDecoder();
            if (!decoder.TryDecode(bad, output.AsSpan(0, 40_000), out var written))
                refused++;
            Assert.InRange(written, 0, 40_000);
            Assert.False(output.AsSpan(40_000).ContainsAnyExcept((byte)0xA5), $"seed {seed}, round {round}");
            _ = DecodeStream(new ZstdDecoder(), bad, 4096, 4096);
        }

        Assert.InRange(refused, rounds / 100, rounds);
    }

    [Theory]
    [InlineData(new byte[] { 0x28, 0xB5, 0x2F, 0xFD, 0x00, 18 << 3, 0x01, 0x00, 0x00 }, false)] // a window of 256 MiB
    [InlineData(new byte[] { 0x28, 0xB5, 0x2F, 0xFD, 0x00, 17 << 3, 0x01, 0x00, 0x00 }, true)]
    [InlineData(new byte[] { 0x28, 0xB5, 0x2F, 0xFD, 0x21, 0x05, 0x00, 0x01, 0x00, 0x00 }, false)] // a dictionary
    [InlineData(new byte[] { 0x28, 0xB5, 0x2F, 0xFD, 0x20, 0x64, 0x01, 0x00, 0x00 }, false)] // 100 bytes for room of 10
    [InlineData(new byte[] { 0x28, 0xB5, 0x2F }, false)]
    public void The_head_of_a_frame_is_looked_at_before_a_decoder_sees_it(byte[] input, bool isTaken)
    {
        using var decoder = new ZstdDecoder();
        Assert.Equal(isTaken, decoder.TryDecode(input, new byte[10], out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(40)]
    public void A_stream_that_ends_early_is_not_at_a_frame_end(int cut)
    {
        byte[] input = [0x28, 0xB5, 0x2F, 0xFD, 0x20, 0x02, (2 << 3) | 1, 0x00, 0x00, (byte)'a', (byte)'b'];
        var decoder = new ZstdDecoder();

        var whole = cut >= input.Length;
        _ = decoder.TryContinue(input.AsSpan(0, Math.Min(cut, input.Length)), new byte[10], out _, out var written);

        Assert.Equal(whole || cut == 0, decoder.IsAtFrameEnd);
        Assert.Equal(whole ? 2 : 0, written);
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
