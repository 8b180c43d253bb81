using Lazykick.Checking.Memory;
using Lazykick.Checking.Verdicts;
using Lazykick.Cli.Drawing;
using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Text;

namespace Lazykick.Cli.Tests.Commands;

public sealed class DrawnRaceTests
{
    public static TheoryData<string> Schemes { get; } =
    [.. Catalogue.Instance.Names.Where(n => !n.Contains('/') && !SchemeLoader.FromCatalogue(n)!.IsBase)];

    [Theory]
    [MemberData(nameof(Schemes))]
    public void Each_race_of_the_catalogue_fits_72_columns_and_leads_to_lines_of_the_scheme(string name)
    {
        var diagnostics = new DiagnosticCollection();
        var scheme = SchemeLoader.FromCatalogue(name)!;
        var entries = ExpectationFile.Parse(Catalogue.Instance.Read(name + ".expected")!, diagnostics);
        var drawn = 0;
        foreach (var entry in entries.GroupBy(e => e.Memory).SelectMany(g => g.OrderBy(e => e.States).Take(2)))
        {
            var result = SchemeCheck.Run(
                scheme,
                new CheckOptions
                {
                    Cpus = entry.Cpus,
                    Memory = Enum.Parse<MemoryModel>(entry.Memory, ignoreCase: true),
                    Knobs = entry.Knobs,
                },
                diagnostics,
                TestContext.Current.CancellationToken
            )!;
            foreach (var verdict in result.Verdicts.Where(v => v.Verdict == Verdict.Violated))
            {
                if (verdict.Race.Value is not { } race)
                    continue;
                var lines = RaceDrawing.Draw(race).Split(Environment.NewLine);
                Assert.All(lines, line => Assert.True(line.Length <= 72, $"{line.Length} columns: {line}"));
                Assert.StartsWith("    CPU", lines[0], StringComparison.Ordinal);
                Assert.Contains(lines, l => l.StartsWith("  rows are written in: 1 ", StringComparison.Ordinal));
                drawn++;
            }
        }

        Assert.True(drawn > 0, "no configuration has a race to draw");
    }
}
