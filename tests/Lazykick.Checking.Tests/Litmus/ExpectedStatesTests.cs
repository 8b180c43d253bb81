namespace Lazykick.Checking.Tests.Litmus;

/// <summary>
/// The final states that herd7 gave to each test of the folders Tests and Random lie beside it as NAME.expected, one a
/// line; eng/expect-herd writes them.
/// </summary>
public class ExpectedStatesTests
{
    private static string Root => Path.Combine(AppContext.BaseDirectory, "Litmus");

    public static TheoryData<string> Files() =>
        [
            .. Directory
                .EnumerateFiles(Root, "*.expected", SearchOption.AllDirectories)
                .Select(f => Path.GetRelativePath(Root, f))
                .Order(StringComparer.Ordinal),
        ];

    [Theory]
    [MemberData(nameof(Files))]
    public void The_machine_gives_the_states_that_herd_gave(string file)
    {
        var expected = Path.Combine(Root, file);
        var result = LitmusFiles.Run(File.ReadAllText(Path.ChangeExtension(expected, ".litmus")));
        Assert.Equal(File.ReadLines(expected), LitmusFiles.NormalisedStates(result));
    }

    [Fact]
    public void Every_test_has_its_states_beside_it()
    {
        var tests = Directory.EnumerateFiles(Root, "*.litmus", SearchOption.AllDirectories).ToList();
        Assert.Equal([], tests.Where(t => !File.Exists(Path.ChangeExtension(t, ".expected"))));
        Assert.True(tests.Count > 350, $"{tests.Count} tests");
    }

    // LAZYKICK_UPDATE_LITMUS names the folder to write them to; eng/expect-herd then writes their states.
    [Fact]
    public void Random_tests_are_what_the_generators_write()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Root, "Random"), "*.litmus"))
        {
            var name = Path.GetFileNameWithoutExtension(file);
            var dash = name.LastIndexOf('-');
            var text = RandomTests.Write(name[..dash], int.Parse(name[(dash + 1)..]), name);
            if (Environment.GetEnvironmentVariable("LAZYKICK_UPDATE_LITMUS") is { Length: > 0 } folder)
                File.WriteAllText(Path.Combine(folder, name + ".litmus"), text);
            else
                Assert.Equal(text, File.ReadAllText(file));
        }
    }
}
