using Lazykick.Checking.Litmus.Reading;

namespace Lazykick.Checking.Tests.Litmus;

/// <summary>
/// herdtools7's catalogues, from a checkout that LAZYKICK_HERD_CATALOGUE names (its folder <c>catalogue</c>).
/// </summary>
public class HerdCatalogueTests
{
    [Theory]
    [InlineData("aarch64-ifetch", 0, 6)]
    [InlineData("aarch64", 0, 0)]
    [InlineData("aarch64-cas", 0, 0)]
    [InlineData("aarch64-pick", 0, 0)]
    [InlineData("x86_64", 0, 0)]
    [InlineData("aarch64-faults", 0, 7)]
    public void The_machine_answers_as_the_catalogue_does(string catalogue, int mayDiffer, int mayLack)
    {
        var root = Environment.GetEnvironmentVariable("LAZYKICK_HERD_CATALOGUE");
        if (string.IsNullOrEmpty(root))
            Assert.Skip("LAZYKICK_HERD_CATALOGUE does not name herdtools7's folder 'catalogue'");
        var folder = Path.Combine(root, catalogue, "tests");
        if (!Directory.Exists(folder))
            Assert.Skip($"{folder} does not exist");
        var kinds = LitmusFiles
            .ReadVerdicts(Path.Combine(folder, "kinds.txt"))
            .DistinctBy(k => k.Name)
            .ToDictionary(k => k.Name, k => k.Verdict, StringComparer.Ordinal);
        var differing = new List<string>();
        var lacking = new List<string>();
        var answered = 0;
        foreach (
            var file in Directory
                .EnumerateFiles(folder, "*.litmus", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
        )
        {
            try
            {
                var result = LitmusFiles.Run(File.ReadAllText(file));
                if (
                    !kinds.TryGetValue(result.Test.Name, out var expected)
                    && !kinds.TryGetValue(Path.GetFileNameWithoutExtension(file), out expected)
                )
                {
                    continue;
                }

                answered++;
                if (expected != result.Kind)
                    differing.Add($"{result.Test.Name}: {result.Kind}, expected {expected}");
            }
            catch (LitmusException e)
            {
                Assert.NotNull(e.MissingFeature);
                lacking.Add($"{file}:{e.Position}: {e.Message}");
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{answered} answered, {differing.Count} differ, {lacking.Count} lack a feature"
        );
        Assert.True(answered > 0, "no test of the catalogue has a verdict");
        Assert.True(differing.Count <= mayDiffer, string.Join('\n', differing));
        Assert.True(lacking.Count <= mayLack, string.Join('\n', lacking));
    }
}
