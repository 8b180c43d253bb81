using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests.Commands;

/// <summary>No command destroys a file that it reads, under whatever path.</summary>
public sealed class OverwritingTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lazykick-test");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("--html", "trace.dat.zst")]
    [InlineData("--perfetto", "trace.dat.zst")]
    [InlineData("--kicks", "trace.dat.zst")]
    [InlineData("--kicks", "./sub/../trace.dat.zst")]
    [InlineData("--html", "link")]
    [InlineData("--anonymise", "trace.dat.zst")]
    [InlineData("--anonymise", "link")]
    [InlineData("--anonymise", "linked/trace.dat.zst")]
    public void A_trace_is_not_written_over(string option, string output)
    {
        var trace = Path.Combine(_folder.FullName, "trace.dat.zst");
        File.Copy(Repository.PathOf("tests/data/captures/x86-7.3-raw/perf_cpu2.dat.zst"), trace);
        File.CreateSymbolicLink(Path.Combine(_folder.FullName, "link"), trace);
        Directory.CreateSymbolicLink(Path.Combine(_folder.FullName, "linked"), _folder.FullName);
        var before = File.ReadAllBytes(trace);
        var target = Path.Combine(_folder.FullName, output);

        var run = LazykickProcess.Run("report", trace, option, target);

        Assert.Equal(2, run.Status);
        Assert.Equal($"lazykick: {target}: is read by this command; name another file to write\n", run.Errors);
        Assert.Equal(before, File.ReadAllBytes(trace));
    }

    [Fact]
    public void Two_outputs_are_two_files()
    {
        var target = Path.Combine(_folder.FullName, "out");
        var run = LazykickProcess.Run("report", "--html", target, "--perfetto", target);
        Assert.Equal((2, false), (run.Status, File.Exists(target)));
        Assert.Contains("is asked for twice", run.Errors, StringComparison.Ordinal);
        Assert.Equal(0, LazykickProcess.Run("report", "--html", "/dev/null").Status);
    }

    [Theory]
    [InlineData("check", "--html")]
    [InlineData("check", "--save")]
    [InlineData("check", "--junit")]
    [InlineData("export", "--litmus --output")]
    [InlineData("export", "--dot --output")]
    public void A_scheme_is_not_written_over(string command, string options)
    {
        const string Text = "scheme own \"a variant\"\ninclude v2\nset patch4 = off\n";
        var scheme = Path.Combine(_folder.FullName, "own.kick");
        File.WriteAllText(scheme, Text);

        var run = LazykickProcess.Run([command, scheme, .. options.Split(' '), scheme]);

        Assert.Equal(2, run.Status);
        Assert.Contains("is read by this command", run.Errors, StringComparison.Ordinal);
        Assert.Equal(Text, File.ReadAllText(scheme));
    }
}
