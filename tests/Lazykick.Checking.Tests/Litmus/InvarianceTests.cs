using System.Globalization;
using System.Text.RegularExpressions;
using Lazykick.Checking.Litmus.Answers;
using Lazykick.Checking.Litmus.Reading;
using Lazykick.Checking.Tests.Axiomatic;

namespace Lazykick.Checking.Tests.Litmus;

public partial class InvarianceTests
{
    private static readonly string[] _sample =
    [
        "SB",
        "SB+dmbs",
        "MP+dmb+ctrlisb",
        "MP+dmb+ctrl-rfi-addr",
        "LB+data+po",
        "IRIW+addr+po",
        "WRC+data+addr",
        "SB+ldxr-stlxrs",
        "MP+rel+cas-addr",
        "SB.RF+ldaddal-isb",
        "SB.RF+dsb-isb",
        "CoFF",
        "SM+dc-dmb-ic",
        "SVC+fetch.exs-eis0",
        "CoRR+addr-unknown",
    ];

    public static TheoryData<string> Sample() => [.. _sample];

    [Theory]
    [MemberData(nameof(Sample))]
    public void Renaming_the_test_the_locations_and_the_registers_changes_no_answer(string name)
    {
        var text = LitmusFiles.Text(name);
        var renamed = LocationName()
            .Replace(
                text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..],
                m =>
                    m.Value switch
                    {
                        "x" => "zz_last",
                        "y" => "middle",
                        _ => "a_first",
                    }
            );
        // X0 to X9 become X20 down to X11: order, and so any dependence on numbers, is turned round.
        renamed = RegisterName()
            .Replace(
                renamed,
                m =>
                    $"{m.Groups["width"].Value}{20 - int.Parse(m.Groups["number"].Value, CultureInfo.InvariantCulture)}"
            );
        var before = LitmusFiles.Run(text);
        var after = LitmusFiles.Run($"AArch64 another name\n{renamed}");
        Assert.Equal(
            (before.Observation, before.Positive, before.Negative, before.Explored),
            (after.Observation, after.Positive, after.Negative, after.Explored)
        );
    }

    [Theory]
    [MemberData(nameof(Sample))]
    public void A_thread_that_does_nothing_changes_no_answer(string name)
    {
        var text = LitmusFiles.Text(name);
        var threads = LitmusReader.Read(text).Columns.Count(c => !c.IsHandler);
        var lines = text.Split('\n');
        var table = Array.FindIndex(lines, l => l.TrimStart().StartsWith("P0", StringComparison.Ordinal));
        lines[table] = lines[table].Replace(";", $"| P{threads} ;", StringComparison.Ordinal);
        lines[table + 1] = lines[table + 1].Replace(";", "| NOP ;", StringComparison.Ordinal);
        var before = LitmusFiles.Run(text);
        var after = LitmusFiles.Run(string.Join('\n', lines));
        Assert.Equal(LitmusFiles.States(before), LitmusFiles.States(after));
        Assert.Equal((before.Positive, before.Negative), (after.Positive, after.Negative));
    }

    [Fact]
    public void The_order_of_the_threads_changes_no_answer()
    {
        for (var seed = 500; seed < 600; seed++)
        {
            var program = new RandomProgram(seed, arm: true);
            var before = Values(LitmusFiles.Run(LitmusWriter.Arm(program)), cpu => cpu);
            program.Threads.Reverse();
            var last = program.Threads.Count - 1;
            Assert.Equal(before, Values(LitmusFiles.Run(LitmusWriter.Arm(program)), cpu => last - cpu));
        }
    }

    private static SortedSet<string> Values(LitmusResult result, Func<int, int> rename) =>
        new(
            result.FinalStates.Select(s =>
                string.Join(
                    "; ",
                    s.Values.Select(v =>
                            ThreadNumber()
                                .Replace(
                                    v.Key,
                                    m => $"{rename(int.Parse(m.Groups["cpu"].Value, CultureInfo.InvariantCulture))}:"
                                )
                            + "="
                            + v.Value
                        )
                        .Order(StringComparer.Ordinal)
                )
            ),
            StringComparer.Ordinal
        );

    [GeneratedRegex(@"(?<![\w.])[xyz](?![\w.])", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex LocationName();

    [GeneratedRegex(@"\b(?<width>[XW])(?<number>[0-9])\b", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex RegisterName();

    [GeneratedRegex("^(?<cpu>[0-9]+):", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex ThreadNumber();
}
