using System.Diagnostics;
using Lazykick.Traces.Bytes;
using Lazykick.Traces.Files;

namespace Lazykick.Traces.Tests.Reading;

/// <summary>Traces that were compressed as a whole, and traces that come through a pipe.</summary>
public sealed class PackedFileTests
{
    [Theory]
    [InlineData("zstd", "-qc")]
    [InlineData("gzip", "-c")]
    [InlineData("xz", "-c")]
    [InlineData("xz", "-c --check=sha256 -9")]
    public void A_packed_trace_reads_as_the_trace(string tool, string options)
    {
        var plain = Trace();
        using var expected = TraceFile.Open(plain, "plain");
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, plain);
            using var packed = TraceFile.Open(Tool.Run(tool, [.. options.Split(' '), path]), "packed");

            Assert.Equal(EventList.ReadAll(expected.DefaultBuffer), EventList.ReadAll(packed.DefaultBuffer));
            Assert.Empty(packed.Damage);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("zstd", "-qc")]
    [InlineData("gzip", "-c")]
    [InlineData("xz", "-c")]
    public void A_packed_trace_that_breaks_off_is_damaged_and_says_where(string tool, string options)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, Trace());
            var packed = Tool.Run(tool, options, path);
            File.WriteAllBytes(path, packed[..(packed.Length * 9 / 10)]);
            using var trace = Open(path);
            if (trace is null)
                return; // not even the head could be read: refused by name
            _ = EventList.ReadAll(trace.DefaultBuffer);
            Assert.Contains(trace.Damage, damage => damage.Offset > 0 && damage.Offset <= packed.Length);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task A_trace_is_read_through_a_FIFO()
    {
        var directory = Directory.CreateTempSubdirectory("lazykick-test");
        try
        {
            var fifo = Path.Combine(directory.FullName, "fifo");
            Tool.Run("mkfifo", fifo);
            var plain = Trace();
            var writing = Task.Run(() => File.WriteAllBytes(fifo, plain), TestContext.Current.CancellationToken);
            using var expected = TraceFile.Open(plain, "plain");
            using var trace = TraceFile.Open(fifo, TestContext.Current.CancellationToken);
            await writing;

            Assert.Equal(EventList.ReadAll(expected.DefaultBuffer), EventList.ReadAll(trace.DefaultBuffer));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void Waiting_for_a_FIFO_that_nobody_writes_to_can_be_stopped()
    {
        var directory = Directory.CreateTempSubdirectory("lazykick-test");
        try
        {
            var fifo = Path.Combine(directory.FullName, "fifo");
            Tool.Run("mkfifo", fifo);
            using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
            var started = Stopwatch.GetTimestamp();

            Assert.ThrowsAny<OperationCanceledException>(() => TraceFile.Open(fifo, stop.Token));
            Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(30));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_perf_of_another_age_is_named()
    {
        var error = Assert.Throws<TraceException>(() => TraceFile.Open("PERFFILE0123456789"u8.ToArray(), "old"));
        Assert.Contains("2.6.39", error.Message, StringComparison.Ordinal);
    }

    private static byte[] Trace() => TraceDatWriter.Version6(CaptureParts.Load("host-6.18-raw"));

    private static TraceFile? Open(string path)
    {
        try
        {
            return TraceFile.Open(path);
        }
        catch (TraceException)
        {
            return null;
        }
    }
}
