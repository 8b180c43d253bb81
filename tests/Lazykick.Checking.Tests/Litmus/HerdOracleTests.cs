using System.Text;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Litmus.Answers;
using Lazykick.Checking.Litmus.Machine;
using Lazykick.Checking.Litmus.Reading;

namespace Lazykick.Checking.Tests.Litmus;

/// <summary>
/// The long mode (LAZYKICK_LONG=1): tests that diycross7 generates from lists of edges, and tests of our own
/// generators, are answered by herd7 and by the machine, and the sets of final states are compared. A test that one of
/// the two does not finish in its time is counted and not compared.
/// </summary>
public sealed class HerdOracleTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    public static TheoryData<string> Shapes() => [.. DiyShapes.All.Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Herd_and_the_machine_give_the_same_states_to_tests_of_diycross(string name)
    {
        SkipUnlessLong();
        var generator = Herd.Generator("diycross7");
        Assert.SkipUnless(generator is not null, "diycross7 is not beside herd7 nor on the PATH");
        var shape = DiyShapes.All.Single(s => s.Name == name);
        InFolder(folder =>
        {
            string[] arguments = ["-arch", shape.Architecture, "-ua", "0", "-o", ".", .. shape.Options, .. shape.Edges];
            Herd.Run(generator!, arguments, folder);
            var files = Directory.GetFiles(folder, "*.litmus").Order(StringComparer.Ordinal).ToArray();
            Compare(files, shape.Options.Contains("self"));
        });
    }

    [Theory]
    [InlineData("data", 8000)]
    [InlineData("x86", 2000)]
    [InlineData("text", 3000)]
    [InlineData("text-idc", 1500)]
    [InlineData("text-dic", 1500)]
    public void Herd_and_the_machine_give_the_same_states_to_random_tests(string kind, int count)
    {
        SkipUnlessLong();
        InFolder(folder =>
        {
            for (var seed = 0; seed < count; seed++)
            {
                var name = $"{kind}-{seed}";
                File.WriteAllText(Path.Combine(folder, name + ".litmus"), RandomTests.Write(kind, seed, name));
            }

            Compare(Directory.GetFiles(folder), kind.StartsWith("text", StringComparison.Ordinal));
        });
    }

    private static void SkipUnlessLong()
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("LAZYKICK_LONG") == "1",
            "thousands of tests against herd7 run with LAZYKICK_LONG=1"
        );
        Assert.SkipUnless(Herd.Path is not null, Herd.Missing);
    }

    private static void InFolder(Action<string> action)
    {
        var folder = Directory.CreateTempSubdirectory("lazykick-herd-");
        try
        {
            action(folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Compare(string[] files, bool changesText)
    {
        var differing = new StringBuilder();
        var (same, differ, refused, unfinished) = (0, 0, 0, 0);
        foreach (var batch in files.Chunk(200))
        {
            var answers = Herd.States(batch, changesText, s_patience.TotalSeconds);
            foreach (var file in batch)
            {
                var text = File.ReadAllText(file);
                var name = Path.GetFileNameWithoutExtension(file);
                if (!answers.TryGetValue(name, out var expected) || Answer(text, ref refused) is not { } found)
                {
                    unfinished++;
                    continue;
                }

                if (found.SetEquals(expected))
                {
                    same++;
                    continue;
                }

                differ++;
                differing.Append($"{text}\nonly the machine:\n  {string.Join("\n  ", found.Except(expected))}\n");
                differing.Append($"only herd:\n  {string.Join("\n  ", expected.Except(found))}\n\n");
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{same} the same, {differ} differ, {unfinished} not answered by both (of which {refused} are refused)"
        );
        // Counts of a whole run, where somebody wants to quote them.
        var summary = $"{same} same, {differ} differ, {unfinished} unfinished, {refused} refused\n{differing}";
        if (Environment.GetEnvironmentVariable("LAZYKICK_HERD_COUNTS") is { Length: > 0 } log)
            File.AppendAllText(log, summary);
        Assert.True(differ == 0, differing.ToString());
        Assert.True(same > 0, "no test was answered by both");
    }

    private static SortedSet<string>? Answer(string text, ref int refused)
    {
        try
        {
            var limits = SearchLimits.Default with { Timeout = s_patience, MaxStates = 500_000 };
            var result = LitmusRunner.Run(
                LitmusReader.Read(text),
                new LitmusOptions { Limits = limits },
                TestContext.Current.CancellationToken
            );
            return LitmusFiles.NormalisedStates(result);
        }
        catch (LitmusLimitException)
        {
            return null;
        }
        catch (LitmusException e) when (e.MissingFeature is not null)
        {
            refused++;
            return null;
        }
    }
}
