using System.Diagnostics;
using System.Text.Json;
using Lazykick.Cli.Record;
using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests.Record;

public sealed class RecordCommandTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("lazykick-record").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("10s", 10_000)]
    [InlineData("250ms", 250)]
    [InlineData("1.5", 1_500)]
    [InlineData("2m", 120_000)]
    [InlineData("1h", 3_600_000)]
    public void A_time_is_read_with_its_unit(string text, double milliseconds) =>
        Assert.Equal(milliseconds, RecordCommand.Duration(text)!.Value.TotalMilliseconds);

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("0s")]
    [InlineData("-1s")]
    [InlineData("1x")]
    [InlineData("9999h")]
    public void What_is_no_time_is_refused(string text) => Assert.Null(RecordCommand.Duration(text));

    [Theory]
    [InlineData("record --for 1x", "--for takes a time such as")]
    [InlineData("record --cpus two", "--cpus takes a list of CPUs")]
    [InlineData("record --buffer-mib 0", "--buffer-mib takes 1 to 4096")]
    [InlineData("record --preset all", "census")]
    public void A_wrong_option_is_refused_with_what_would_be_right(string call, string expected)
    {
        var run = LazykickProcess.Run(call.Split(' '));
        Assert.Equal(2, run.Status);
        Assert.Contains(expected, run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("record --check --json", "lazykick.record-check/1")]
    [InlineData("record --for 200ms --json -o FILE", "lazykick.record/1")]
    public void The_page_describes_each_field_of_the_documents(string call, string schema)
    {
        NeedsTracefs();
        var run = LazykickProcess.Run(
            call.Replace("FILE", Path.Combine(_directory, "t.dat"), StringComparison.Ordinal).Split(' ')
        );
        using var document = JsonDocument.Parse(run.Output);
        Assert.Equal(schema, document.RootElement.GetProperty("schema").GetString());
        var page = File.ReadAllText(Repository.PathOf("docs/reference/json.md"));
        var section = page[page.IndexOf($"## `{schema}`", StringComparison.Ordinal)..];
        foreach (var field in document.RootElement.EnumerateObject().Where(f => f.Name != "schema"))
            Assert.Contains($"`{field.Name}`", section, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interrupt_ends_the_recording_and_the_file_is_complete()
    {
        NeedsTracefs();
        var file = Path.Combine(_directory, "t.dat");
        var process = LazykickProcess.Start(["record", "-o", file]);
        // The unfinished file has another name.
        SpinWait.SpinUntil(() => Directory.GetFiles(_directory).Length > 0, TimeSpan.FromSeconds(60));
        Thread.Sleep(1000);
        Process
            .Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])!
            .WaitForExit();
        var run = LazykickProcess.Finish(process);
        Assert.Equal(0, run.Status);
        Assert.Contains($"next: lazykick report {file}", run.Output, StringComparison.Ordinal);
        Assert.Equal([file], Directory.GetFiles(_directory));
        Assert.Equal(0, LazykickProcess.Run("report", file).Status);
    }

    private static void NeedsTracefs()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "recording needs root");
        Assert.SkipUnless(File.Exists("/sys/kernel/tracing/trace_clock"), "tracefs is not mounted");
    }
}
