using Lazykick.Auditing.Bytes;
using Lazykick.Auditing.Images;
using Lazykick.Auditing.Tests.Support;

namespace Lazykick.Auditing.Tests.Images;

/// <summary>
/// Damaged images: an <see cref="ImageException"/> or an audit, nothing else, and soon. LAZYKICK_LONG=1 tries a
/// million.
/// </summary>
public class MutationTests
{
    private static readonly bool s_isLong = Environment.GetEnvironmentVariable("LAZYKICK_LONG") is { Length: > 0 };

    [Fact]
    public void What_is_damaged_below_can_be_read_whole()
    {
        Assert.Contains(
            Auditor
                .Run(
                    ImageLoader.Load(new MemoryFile(new TinyKernel().BuildRaw())),
                    cancellation: TestContext.Current.CancellationToken
                )
                .Windows,
            w => w is { Name: "entry", Refused: null, Atomics.Count: > 0 }
        );
        var module = Auditor.Run(
            ImageLoader.Load(new MemoryFile(TinyModule.Build())),
            cancellation: TestContext.Current.CancellationToken
        );
        Assert.True(module.Image.IsModule);
        Assert.Equal("9.9.9-tiny", module.Image.Banner);
        Assert.Null(module.Windows.Single(w => w.Name == "guest").Refused);
    }

    [Theory]
    [InlineData("elf", 1)]
    [InlineData("gzip", 2)]
    [InlineData("zstd", 3)]
    [InlineData("xz", 4)]
    [InlineData("zboot", 5)]
    [InlineData("raw Image", 6)]
    [InlineData("module", 7)]
    public void A_damaged_image_is_refused_or_read(string kind, int seed)
    {
        var whole = Whole(kind);
        var random = new Random(seed);
        int refused = 0,
            read = 0;
        for (var i = 0; i < (s_isLong ? 150_000 : 1_000); i++)
        {
            var bytes = (byte[])whole.Clone();
            for (var n = random.Next(1, 6); n > 0; n--)
            {
                Damage(ref bytes, random);
            }

            try
            {
                Auditor.Run(
                    ImageLoader.Load(new MemoryFile(bytes)),
                    cancellation: TestContext.Current.CancellationToken
                );
                read++;
            }
            catch (ImageException)
            {
                refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, mutation {i}: {e}");
            }
        }

        Assert.True(refused > 10, $"only {refused} were refused");
        Assert.True(kind is not ("elf" or "raw Image" or "module") || read > 10, $"only {read} were read");
    }

    private static byte[] Whole(string kind)
    {
        var elf = new TinyKernel().Build();
        return kind switch
        {
            "elf" => elf,
            "gzip" => ContainerTests.BzImage(ContainerTests.Gzip(elf)),
            "zstd" => ContainerTests.BzImage(new ZstdSharp.Compressor().Wrap(elf).ToArray()),
            "xz" => ContainerTests.BzImage(Convert.FromBase64String(ContainerTests.XzWithX86Filter)),
            "zboot" => ContainerTests.Zboot(ContainerTests.Gzip(elf)),
            "raw Image" => new TinyKernel().BuildRaw(),
            _ => TinyModule.Build(),
        };
    }

    private static void Damage(ref byte[] bytes, Random random)
    {
        // Most of the structure is at the two ends.
        var at = random.Next(3) switch
        {
            0 => random.Next(64),
            1 => bytes.Length - 1 - random.Next(Math.Min(bytes.Length, 1200)),
            _ => random.Next(bytes.Length),
        };
        at = Math.Clamp(at, 0, bytes.Length - 1);
        switch (random.Next(5))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2 when at + 8 <= bytes.Length:
                BitConverter.TryWriteBytes(
                    bytes.AsSpan(at),
                    random.Next(2) == 0 ? ulong.MaxValue : (ulong)random.NextInt64()
                );
                break;
            case 3 when at + 4 <= bytes.Length:
                BitConverter.TryWriteBytes(
                    bytes.AsSpan(at),
                    random.Next(3) switch
                    {
                        0 => int.MaxValue,
                        1 => int.MinValue,
                        _ => -1,
                    }
                );
                break;
            default:
                if (random.Next(10) == 0)
                {
                    Array.Resize(ref bytes, Math.Max(1, at));
                }

                break;
        }
    }
}
