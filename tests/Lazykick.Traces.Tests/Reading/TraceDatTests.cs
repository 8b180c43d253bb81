using Lazykick.Traces.Files;
using Lazykick.Traces.Formats;

namespace Lazykick.Traces.Tests.Reading;

public sealed class TraceDatTests
{
    [Theory]
    [InlineData("arm64-6.1-tracecmd", 65_634, "6.1.0-50-arm64", "aarch64", "mono")]
    [InlineData("x86-6.12-tracecmd", 130_164, "6.12.107+deb13-amd64", "x86_64", "mono")]
    public void A_compressed_version_7_gives_all_events_and_says_what_machine_it_is_from(
        string capture,
        int events,
        string release,
        string machine,
        string clock
    )
    {
        using var trace = TraceFile.Open(
            SharedTraces.Path(capture, "trace.dat.zst"),
            TestContext.Current.CancellationToken
        );

        var reader = trace.OpenReader(EventDispatch.CreateForAll());
        var count = 0;
        ulong last = 0;
        while (reader.TryRead(out var next))
        {
            count++;
            Assert.True(next.Timestamp >= last);
            last = next.Timestamp;
        }

        Assert.Equal(events, count);
        Assert.Equal((release, machine, clock), (trace.KernelRelease, trace.Machine, trace.Clock));
        Assert.Empty(trace.Damage);
        Assert.NotNull(trace.Find("ipi", machine == "aarch64" ? "ipi_raise" : "ipi_send_cpu"));
        Assert.True(trace.Symbols.Count > 10_000);
        Assert.True(trace.TaskNames.Count > 20);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("zlib")]
    public void A_version_7_that_is_cut_off_says_so_and_where_it_ends(string compression)
    {
        // What tells where everything lies comes last.
        var whole = TraceDatWriter.Version7(CaptureParts.Load("arm64-6.12-72cpu-raw", 3 * 4096), compression);
        foreach (var share in new[] { 20, 57, 95 })
        {
            var length = whole.Length * share / 100;
            using var trace = TraceFile.Open(whole.AsMemory(0, length), "cut.dat");
            var damage = Assert.Single(trace.Damage);
            Assert.Equal(length, damage.Offset);
            Assert.StartsWith("the file ends here, and its list of contents is at byte", damage.Expected);
            Assert.Contains("copy the file again", damage.Expected, StringComparison.Ordinal);
        }
    }
}
