using Lazykick.Cli.Json;
using Lazykick.Cli.Watch;

namespace Lazykick.Cli.Tests.Watch;

/// <summary>The screen of <c>watch</c>, as lines.</summary>
public sealed class WatchPageTests
{
    private static readonly WatchChoice s_choice = WatchChoice.Begin;

    [Theory]
    [InlineData(40, 24)]
    [InlineData(80, 24)]
    [InlineData(80, 10)]
    [InlineData(200, 60)]
    public void Nothing_is_cut_and_nothing_is_larger_than_the_screen(int width, int height)
    {
        var frame = Frame(cpus: 6, causes: 12);
        var lines = WatchPage.Lines(frame, s_choice, width, height);
        Assert.InRange(lines.Count, 1, height);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, width));
        // A column is there with its whole heading, or it is named as left out.
        var text = string.Join('\n', lines);
        var words = text.Split([' ', '\n', ',', ')', '(', ';'], StringSplitOptions.RemoveEmptyEntries);
        if (height > 10)
        {
            foreach (var heading in new[] { "CPU", "user", "breaks/s", "stolen/s", "longest", "kernel", "idle" })
                Assert.Contains(heading, words);
        }
    }

    [Fact]
    public void At_80_columns_every_column_is_there()
    {
        var lines = WatchPage.Lines(Frame(cpus: 2, causes: 1), s_choice, 80, 24);
        Assert.Equal(
            ["CPU", "user", "idle", "kernel", "breaks/s", "stolen/s", "longest", "own/s", "kicks/s", "breaks"],
            lines[2].Split(' ', StringSplitOptions.RemoveEmptyEntries)
        );
        Assert.DoesNotContain(lines, static line => line.Contains("too narrow", StringComparison.Ordinal));
    }

    [Fact]
    public void The_cause_that_steals_most_comes_before_the_one_who_kicks_most_with_its_cure()
    {
        var lines = WatchPage.Lines(Frame(cpus: 1, causes: 2), s_choice, 80, 40).ToList();
        var first = lines.FindIndex(static line => line.Contains("cause 0, from task-100", StringComparison.Ordinal));
        var second = lines.FindIndex(static line => line.Contains("cause 1, from task-101", StringComparison.Ordinal));
        var kicker = lines.FindIndex(static line => line.Contains("kicker-7 flush_tlb_func", StringComparison.Ordinal));
        Assert.True(0 < first && first < second && second < kicker, string.Join('\n', lines));
        Assert.Contains("-> cure 0", lines[first + 1], StringComparison.Ordinal);
        Assert.Contains("3.0 ms", lines[first], StringComparison.Ordinal);
    }

    [Fact]
    public void Causes_without_room_are_counted_with_their_time()
    {
        var lines = WatchPage.Lines(Frame(cpus: 1, causes: 30), s_choice, 80, 20);
        Assert.Contains(lines, static line => line.Contains("more causes", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_not_known_is_no_zero()
    {
        var frame = Frame(cpus: 1, causes: 0);
        frame = frame with
        {
            Cpus = [frame.Cpus[0] with { BreaksPerSecond = null, StolenMicrosecondsPerSecond = null }],
        };
        var lines = WatchPage.Lines(frame, s_choice, 80, 24);
        Assert.Contains("what ended user mode is not known", lines);
        Assert.Contains(" ? ", lines[3], StringComparison.Ordinal);
        Assert.Contains("? breaks/s", WatchLine.Of(frame), StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_names_the_causes_that_stole_most()
    {
        var line = WatchLine.Of(Frame(cpus: 1, causes: 3));
        Assert.Contains("3.0 ms/s by cause 0, from task-100", line, StringComparison.Ordinal);
        Assert.Contains("by 1 more", line, StringComparison.Ordinal);
        Assert.DoesNotContain("kicker", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(24, true)]
    [InlineData(16, false)]
    public void What_cannot_be_told_stands_above_the_keys_where_there_is_room(int height, bool isThere)
    {
        var lines = WatchPage.Lines(
            Frame(2, 30),
            new WatchChoice("stolen", false, new Dictionary<int, long>()),
            80,
            height
        );

        Assert.InRange(lines.Count, 10, height);
        Assert.Contains("q quit", lines[^1], StringComparison.Ordinal);
        Assert.Equal(isThere, lines.Any(static l => l.StartsWith("not told: CPU 0-1:", StringComparison.Ordinal)));
    }

    internal static WatchDocument Frame(int cpus, int causes) =>
        new(
            "lazykick.watch/1",
            DateTime.UnixEpoch,
            1,
            0,
            [
                .. Enumerable
                    .Range(0, cpus)
                    .Select(static cpu => new WatchDocument.WatchedCpu(
                        cpu,
                        0.999,
                        0,
                        0,
                        0.001,
                        0,
                        12_345,
                        98_765 - cpu,
                        4_321,
                        0,
                        1_234_567,
                        464
                    )),
            ],
            [
                .. Enumerable
                    .Range(0, causes)
                    .Select(cause => new WatchDocument.WatchedCause(
                        $"cause {cause}",
                        "function_call",
                        null,
                        [],
                        [],
                        $"cure {cause}: a sentence that says what an operator does about it, longer than a line is",
                        [new WatchDocument.WatchedTask($"task-{100 + cause}", 1, 1)],
                        3,
                        3_000 - cause,
                        464
                    )),
            ],
            [],
            [
                new WatchDocument.WatchedSender(
                    "kicker",
                    7,
                    "flush_tlb_func",
                    null,
                    "user_tlb",
                    null,
                    [0],
                    100_000,
                    100_000,
                    10
                ),
            ],
            ["CPU 0-1: no context tracking; user mode is reconstructed from system calls, interrupts and switches."]
        );
}
