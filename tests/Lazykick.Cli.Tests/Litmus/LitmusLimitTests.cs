using System.Diagnostics;
using System.Text.Json;
using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests.Litmus;

/// <summary>Limits and interrupts: those of <c>check</c>, as it is the same search.</summary>
public sealed class LitmusLimitTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lazykick-litmus").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("--max-states", "500", "gave up at --max-states: more than 500 states")]
    [InlineData("--max-memory", "1M", "gave up at --max-memory: more than 1 MB for states")]
    [InlineData("--timeout", "0.000001", "gave up at --timeout: more than 1E-06 s")]
    public void A_search_that_gives_up_ends_with_3_and_names_the_limit(string option, string value, string said)
    {
        var run = LazykickProcess.Run("litmus", Endless(), option, value);
        Assert.Equal(3, run.Status);
        Assert.Equal("", run.Output);
        Assert.EndsWith($"Endless.litmus: error: {said}\n", run.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_that_is_too_wide_is_a_limit_and_the_message_says_how_wide_and_what_to_do()
    {
        var run = LazykickProcess.Run("litmus", Endless(threads: 8, loops: true), "--in-flight", "64");
        Assert.Equal(3, run.Status);
        Assert.Matches(
            @"error: gave up: a state takes \d+ words of 64 bits, more than 128; a smaller window takes less\n$",
            run.Messages
        );
    }

    [Fact]
    public void An_interrupt_ends_the_batch_with_3_and_the_document_is_complete()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "signals are sent with kill");
        var process = LazykickProcess.Start(["litmus", "--json", Endless(), Endless()]);
        Assert.StartsWith("level ", process.StandardError.ReadLine());
        using (var kill = Process.Start("/bin/kill", ["-INT", $"{process.Id}"]))
            kill.WaitForExit();
        var run = LazykickProcess.Finish(process);
        Assert.Equal(3, run.Status);
        using var document = JsonDocument.Parse(run.Output);
        Assert.Equal(
            "interrupted",
            Assert.Single(document.RootElement.GetProperty("tests").EnumerateArray()).GetProperty("error").GetString()
        );
    }

    // Stores that any order is good for: 64 states a thread, and so far more than a second's work.
    private string Endless(int threads = 6, bool loops = false)
    {
        var lines = Enumerable
            .Range(0, 6)
            .Select(i => Row(threads, $"STR W0,[X{i + 1}]"))
            .Prepend(string.Join(" | ", Enumerable.Range(0, threads).Select(t => $"P{t}")));
        if (loops)
            lines = [.. lines, .. Enumerable.Repeat(Row(threads, "NOP"), 60), Row(threads, "B .-4")];
        var registers = string.Concat(
            Enumerable.Range(0, threads).SelectMany(t => Enumerable.Range(1, 6).Select(i => $"{t}:X{i}=x{t}{i}; "))
        );
        var path = Path.Combine(_folder, "Endless.litmus");
        File.WriteAllText(
            path,
            $"AArch64 Endless\n{{ {registers}}}\n{string.Concat(lines.Select(l => l + " ;\n"))}exists (x01=0)\n"
        );
        return path;
    }

    private static string Row(int threads, string instruction) =>
        string.Join(" | ", Enumerable.Repeat(instruction, threads));
}
