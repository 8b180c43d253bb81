using System.CommandLine.Parsing;
using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests.Documents;

/// <summary>
/// What a page shows below a command is what the command writes. LAZYKICK_UPDATE writes the blocks anew.
/// </summary>
public sealed class ShownCommandTests
{
    private static readonly bool s_update = Environment.GetEnvironmentVariable("LAZYKICK_UPDATE") is { Length: > 0 };
    private static readonly Lock s_pages = new();

    /// <summary>Page and command of each block.</summary>
    public static TheoryData<string, string> Blocks { get; } =
    [
        .. Pages
            .All.SelectMany(p => ShownBlock.All(p, Pages.Text(p)))
            .Where(b => b.IsLazykick)
            .Select(b => (b.Page, b.Command))
            .Distinct(),
    ];

    public static TheoryData<string, string> Calls { get; } = [.. Pages.All.SelectMany(ShellCalls).Distinct()];

    [Theory]
    [MemberData(nameof(Blocks))]
    public void A_command_writes_what_the_page_shows_below_it(string page, string command)
    {
        var blocks = ShownBlock.All(page, Pages.Text(page)).Where(b => b.Command == command).ToList();
        var first = blocks[0];
        Assert.SkipWhen(
            first.HasForm && (!OperatingSystem.IsLinux() || Environment.ProcessorCount < 2),
            "the demo needs Linux and two CPUs"
        );
        var run = LazykickProcess.Run(first.HasForm && !s_update ? ["demo", "--seconds", "0.3"] : first.Arguments);
        Assert.SkipWhen(
            first.HasForm && (run.Status != 0 || run.Output.Contains("no result", StringComparison.Ordinal)),
            $"no result here: {run.Errors}{run.Output}"
        );
        // The verdicts of an export and the progress of a demo go beside the output.
        if (first.Arguments[0] is not ("export" or "demo"))
            Assert.Equal("", run.Messages);
        foreach (var block in blocks)
        {
            Assert.True(block.Status == run.Status, $"{page}:{block.Line}: status {run.Status}: {run.Errors}");
            var written = block.Selection(run.Output);
            if (s_update)
                Update(page, block, written);
            else
                Assert.Equal(block.Compared(block.Text), block.Compared(written));
        }
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public void A_call_that_a_page_tells_to_make_is_one_that_the_program_takes(string page, string call)
    {
        var parsed = CommandTree.Create().Parse(CommandLineParser.SplitCommandLine(call).Skip(1).ToArray());
        Assert.True(parsed.Errors.Count == 0, $"{page}: {call}: {string.Join("; ", parsed.Errors)}");
        Assert.Empty(parsed.UnmatchedTokens);
    }

    // Lines of ```sh blocks that call lazykick: without what the shell does to them.
    private static IEnumerable<(string Page, string Call)> ShellCalls(string page)
    {
        foreach (var block in Pages.Text(page).Split("\n```sh\n").Skip(1))
        {
            var code = block[..block.IndexOf("\n```", StringComparison.Ordinal)].Replace("\\\n", "");
            foreach (var line in code.Split('\n'))
            {
                var call = line.Replace('\'', '"').Split('#')[0].Split('|')[0].Split(" > ")[0].Split("&&")[0].Trim();
                call = call.StartsWith("sudo ", StringComparison.Ordinal) ? call[5..].Trim() : call;
                if (
                    call.StartsWith("lazykick ", StringComparison.Ordinal)
                    && !call.Contains('$', StringComparison.Ordinal)
                )
                {
                    yield return (page, call);
                }
            }
        }
    }

    private static void Update(string page, ShownBlock block, string written)
    {
        lock (s_pages)
        {
            var text = Pages.Text(page);
            // Blocks above may have grown by now.
            var now = ShownBlock
                .All(page, text)
                .First(b => b with { Line = 0, Text = "" } == block with { Line = 0, Text = "" });
            File.WriteAllText(Repository.PathOf(page), now.Replace(text, written));
        }
    }
}
