using Lazykick.Traces.Bytes;
using Lazykick.Traces.Bytes.Codecs;
using Lazykick.Traces.Files;

namespace Lazykick.Traces.Tests.Analysis;

/// <summary>
/// The analysis of damaged traces: whatever the events say, it ends, does not throw, and its parts add up.
/// </summary>
public sealed class MutatedAnalysisTests
{
    [Fact]
    public void Mutations_of_a_real_trace_give_a_report_that_adds_up()
    {
        var original = Sample();
        var seeds = new Random(20260118);
        for (var i = 0; i < LongMode.Scale(300, 100_000); i++)
        {
            var seed = seeds.Next();
            var file = Mutate(original, new Random(seed));
            try
            {
                using var trace = TraceFile.Open(file, "mutated");
                var report = TraceAnalysis.Run(
                    trace,
                    new AnalysisOptions { Schemes = TestRules.All },
                    TestContext.Current.CancellationToken
                );
                foreach (var cpu in report.Selection.Cpus)
                {
                    var kicks = cpu.Kicks;
                    Assert.True(
                        kicks.Count == kicks.Interrupts + kicks.Coalesced + kicks.WithoutInterrupt + kicks.Undecided,
                        $"seed {seed}: CPU {cpu.Cpu}"
                    );
                    foreach (var price in cpu.Schemes)
                    {
                        Assert.True(
                            price.Most.InterruptsLeft <= price.Fewest.InterruptsLeft
                                || price.Most.InterruptsAdded > price.Fewest.InterruptsAdded,
                            $"seed {seed}: CPU {cpu.Cpu}"
                        );
                    }
                }
            }
            catch (TraceException)
            {
                // Refused as a whole: what the reader's own tests look at.
            }
            catch (Exception error) when (error is not Xunit.Sdk.XunitException and not OperationCanceledException)
            {
                Assert.Fail($"seed {seed}: {error}");
            }
        }
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        var file = (byte[])original.Clone();
        // Mostly in the pages at the end: the formats in front of them are soon refused.
        var pages = file.Length * 3 / 4;
        for (var left = 1 + random.Next(200); left > 0; left--)
        {
            var at = random.Next(4) == 0 ? random.Next(file.Length) : file.Length - 1 - random.Next(pages);
            file[at] = random.Next(3) == 0 ? (byte)0xFF : (byte)random.Next(256);
        }

        return file;
    }

    private static byte[] Sample()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Lazykick.slnx")))
            directory = directory.Parent;
        Assert.NotNull(directory);
        var path = Path.Combine(directory.FullName, "src", "Lazykick.Cli", "Report", "sample.dat.zst");
        using var source = new FileSource(path, File.OpenHandle(path));
        using var expanded = ZstdFile.Expand(source, new DamageLog());
        return expanded.ReadBytes(0, expanded.Length);
    }
}
