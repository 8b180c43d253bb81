using System.Text;
using System.Text.RegularExpressions;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Litmus.Answers;
using Lazykick.Checking.Litmus.Machine;
using Lazykick.Checking.Litmus.Reading;

namespace Lazykick.Checking.Tests.Litmus;

/// <summary>
/// The long mode (LAZYKICK_LONG=1): tests that diycross7 generates from lists of edges, and tests of our own
/// generators, are answered by herd7 and by the machine, and the sets of final states are compared. A test that one of
/// the two does not finish within its bound is counted and not compared. <see cref="HerdRecord"/> says how to keep the
/// counts and to go on after a run was ended.
/// </summary>
public sealed partial class HerdOracleTests
{
    // herd7 starts, and reads its model, once a batch.
    private const int BatchSize = 25;
    private const int HerdSeconds = 1;
    private const int MachineStates = 300_000;

    private static readonly (string Kind, int Count)[] s_random =
    [
        ("data", 3000),
        ("x86", 4000),
        ("text", 2000),
        ("text-idc", 1000),
        ("text-dic", 1000),
        ("exceptions", 2500),
    ];

    private sealed record Test(string Source, string Name, string Text)
    {
        public bool ChangesText { get; } = Herd.ChangesText(Text);
    }

    [Fact]
    public void Herd_and_the_machine_give_the_same_states_to_twenty_thousand_tests()
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("LAZYKICK_LONG") == "1",
            "thousands of tests against herd7 run with LAZYKICK_LONG=1"
        );
        Assert.SkipUnless(Herd.Path is not null, Herd.Missing);
        var generator = Herd.Generator("diycross7");
        Assert.SkipUnless(generator is not null, "diycross7 is not beside herd7 nor on the PATH");

        var tests = DiyShapes.All.SelectMany(s => Crossed(generator, s)).Concat(s_random.SelectMany(Random)).ToList();
        // Mixed, so that a part of a run is a sample of the whole.
        new Random(1).Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(tests));
        var record = new HerdRecord();
        var open = tests.Where(t => !record.Knows(t.Text)).ToList();
        Console.Error.WriteLine($"herd oracle: {tests.Count} tests, {tests.Count - open.Count} of them answered "
            + $"before");
        // The option that herd wants for tests that change text holds for a batch.
        var batches = open.GroupBy(t => t.ChangesText).SelectMany(g => g.Chunk(BatchSize)).ToArray();
        new Random(2).Shuffle(batches);
        foreach (var batch in batches)
        {
            InFolder(folder => Compare(batch, folder, record));
            Console.Error.Write($"herd oracle: {record.Summary().Split('\n')[0].Trim()}\n");
        }

        TestContext.Current.TestOutputHelper?.WriteLine(record.Summary());
        Assert.True(record.CountOf(HerdRecord.Differs) == 0, record.Summary() + record.Differences);
        Assert.True(record.CountOf(HerdRecord.Same) >= 20_000, record.Summary());
    }

    private static List<Test> Crossed(string generator, DiyShape shape)
    {
        List<Test> tests = [];
        InFolder(folder =>
        {
            string[] arguments = ["-arch", shape.Architecture, "-ua", "0", "-o", ".", .. shape.Options, .. shape.Edges];
            Herd.Run(generator, arguments, folder);
            foreach (var file in Directory.GetFiles(folder, "*.litmus").Order(StringComparer.Ordinal))
                tests.Add(new Test(shape.Name, Path.GetFileNameWithoutExtension(file), File.ReadAllText(file)));
        });
        return tests;
    }

    private static IEnumerable<Test> Random((string Kind, int Count) random) =>
        Enumerable
            .Range(0, random.Count)
            .Select(seed => $"{random.Kind}-{seed}")
            .Select((name, seed) => new Test(random.Kind, name, RandomTests.Write(random.Kind, seed, name)));

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

    private static void Compare(Test[] batch, string folder, HerdRecord record)
    {
        // Two shapes may give a test the same name.
        var names = batch.Select((_, i) => $"t{i}").ToArray();
        var files = batch.Select((test, i) => (File: Path.Combine(folder, $"{names[i]}.litmus"), test.Text)).ToArray();
        for (var i = 0; i < files.Length; i++)
            File.WriteAllText(files[i].File, Name().Replace(files[i].Text, $"${{name}} {names[i]}", 1));
        var answers = Herd.States(files.Select(f => f.File), batch[0].ChangesText, HerdSeconds);
        for (var i = 0; i < batch.Length; i++)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            var (outcome, difference) = Judge(batch[i].Text, answers.GetValueOrDefault(names[i]));
            record.Add($"{batch[i].Source}: {batch[i].Name}", batch[i].Text, outcome, difference);
        }
    }

    private static (string Outcome, string Difference) Judge(string text, SortedSet<string>? expected)
    {
        if (expected is null)
            return ($"not finished by herd7 in {HerdSeconds} s of CPU", "");
        try
        {
            // A bound on states and not on time: the machine may be busy with others.
            var limits = SearchLimits.Default with { MaxStates = MachineStates };
            var result = LitmusRunner.Run(
                LitmusReader.Read(text),
                new LitmusOptions { Limits = limits },
                TestContext.Current.CancellationToken
            );
            var found = LitmusFiles.NormalisedStates(result);
            if (found.SetEquals(expected))
                return (HerdRecord.Same, "");
            var difference = new StringBuilder(text);
            difference.Append($"\nonly the machine:\n  {string.Join("\n  ", found.Except(expected))}\n");
            difference.Append($"only herd:\n  {string.Join("\n  ", expected.Except(found))}\n\n");
            return (HerdRecord.Differs, difference.ToString());
        }
        catch (LitmusLimitException)
        {
            return ($"not finished by the machine in {MachineStates} states", "");
        }
        catch (LitmusException e) when (e.MissingFeature is not null)
        {
            return ("refused by litmus", "");
        }
    }

    [GeneratedRegex(@"\A(?<name>\S+) \S+", RegexOptions.None, 1000)]
    private static partial Regex Name();
}
