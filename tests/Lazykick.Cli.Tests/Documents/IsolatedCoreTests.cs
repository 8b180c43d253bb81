using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests.Documents;

/// <summary>Every command of docs/guide/isolated-core.md is run, in the order of the page.</summary>
public sealed class IsolatedCoreTests
{
    // What the page says for a machine of many CPUs, as a test can run it: one CPU, and no minute.
    private static readonly (string Shown, string Run)[] s_changes =
    [
        ("--cpus 2-3", "--cpus 0"),
        ("--for 60s", "--for 1s"),
    ];

    [Fact]
    public void Its_commands_run_one_after_the_other()
    {
        if (Environment.UserName != "root" || !Directory.Exists("/sys/kernel/tracing/instances"))
            Assert.Skip("recording needs root and tracefs");
        var lines = Commands();
        Assert.True(lines.Count >= 8, "the page has lost its commands");
        var directory = Directory.CreateTempSubdirectory("lazykick-guide");
        try
        {
            foreach (var shown in lines)
            {
                var line = s_changes.Aggregate(
                    shown,
                    static (text, change) => text.Replace(change.Shown, change.Run, StringComparison.Ordinal)
                );
                // These two run until somebody ends them.
                if (
                    line.StartsWith("lazykick watch", StringComparison.Ordinal)
                    || line.StartsWith("lazykick serve", StringComparison.Ordinal)
                )
                {
                    line += " --for 1s";
                }

                var run = LazykickProcess.Shell($"cd '{directory.FullName}' && {line}");
                // 4: this machine cannot tell everything, which is no mistake of the page.
                Assert.True(run.Status is 0 or 4, $"{line}: status {run.Status}: {run.Errors}");
            }
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static List<string> Commands()
    {
        var lines = new List<string>();
        var isCode = false;
        foreach (var line in File.ReadLines(Repository.PathOf("docs/guide/isolated-core.md")))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
                isCode = !isCode;
            else if (isCode && line.StartsWith("lazykick ", StringComparison.Ordinal))
                lines.Add(line);
        }

        return lines;
    }
}
