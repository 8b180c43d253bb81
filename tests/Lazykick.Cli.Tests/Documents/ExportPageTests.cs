using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests.Documents;

/// <summary>
/// The tests that docs/reference/export.md shows are those that its commands print; with LAZYKICK_UPDATE set they are written
/// anew.
/// </summary>
public sealed class ExportPageTests
{
    private static readonly string s_path = Repository.PathOf("docs/reference/export.md");

    public static TheoryData<string> Commands { get; } =
    [.. ShownBlock.All(File.ReadAllText(s_path)).Select(b => b.Marker)];

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_command_in_the_page_prints_what_the_page_shows(string marker)
    {
        var block = ShownBlock.All(File.ReadAllText(s_path)).Single(b => b.Marker == marker);
        var run = LazykickProcess.Run(block.Arguments);
        Assert.Equal(block.Status, run.Status);
        var written = block.Selection(run.Output);
        if (Environment.GetEnvironmentVariable("LAZYKICK_UPDATE") is { Length: > 0 })
            File.WriteAllText(s_path, block.Replace(File.ReadAllText(s_path), written));
        else
            Assert.Equal(WithoutPlaces(block.Text), WithoutPlaces(written));
    }

    /// <summary>
    /// Lines of schemes and lengths of races change with every scheme; how the remark is broken into lines hangs on
    /// them.
    /// </summary>
    private static string WithoutPlaces(string text) =>
        string.Join(
            ' ',
            text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                .Select(word =>
                    char.IsAsciiDigit(word[0]) || word.Contains(".kick:", StringComparison.Ordinal) ? "#" : word
                )
        );
}
