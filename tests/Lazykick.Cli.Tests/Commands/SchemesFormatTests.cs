using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests.Commands;

/// <summary><c>lazykick schemes fmt</c>.</summary>
public sealed class SchemesFormatTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lazykick-fmt");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void An_untidy_file_is_laid_out_and_a_tidy_one_is_left()
    {
        var file = Write("scheme  tiny \"t\"\npath p from user\n  exception\n  eret\n");

        var before = LazykickProcess.Run("schemes", "fmt", "--check", file);
        var written = LazykickProcess.Run("schemes", "fmt", file);
        var after = LazykickProcess.Run("schemes", "fmt", "--check", file);

        Assert.Equal((1, $"would change: {file}\n"), (before.Status, before.Output));
        Assert.Equal((0, ""), (written.Status, written.Output));
        Assert.Equal("scheme tiny \"t\"\npath p from user\n    exception\n    eret\n", File.ReadAllText(file));
        Assert.Equal((0, ""), (after.Status, after.Output));
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_said_and_stays()
    {
        const string Text = "scheme tiny \"no end\n";
        var file = Write(Text);

        var bad = LazykickProcess.Run("schemes", "fmt", file);
        var missing = LazykickProcess.Run("schemes", "fmt", Path.Combine(_directory.FullName, "none.kick"));

        Assert.Equal((2, ""), (bad.Status, bad.Output));
        Assert.Contains("tiny.kick:1:", bad.Errors, StringComparison.Ordinal);
        Assert.Equal(Text, File.ReadAllText(file));
        Assert.Equal(2, missing.Status);
        Assert.Contains("none.kick", missing.Errors, StringComparison.Ordinal);
    }

    private string Write(string text)
    {
        var file = Path.Combine(_directory.FullName, "tiny.kick");
        File.WriteAllText(file, text);
        return file;
    }
}
