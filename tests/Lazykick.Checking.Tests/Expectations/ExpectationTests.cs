using Lazykick.Checking.Memory;
using Lazykick.Checking.Tests.Documents;
using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Tests.Expectations;

/// <summary>
/// Every scheme of the catalogue against the <c>.expected</c> file beside it. A file with only configurations is filled
/// in by running with LAZYKICK_UPDATE set to the path of <c>schemes/</c>; the naive interpreter is what tells whether
/// the numbers are right.
/// </summary>
public sealed class ExpectationTests
{
    // Of a larger space under Arm the usual run searches only what the reductions leave of it, and does not count it:
    // LAZYKICK_LONG=1 does.
    private const int MostCounted = 50_000;

    private static readonly bool s_isLong =
        Environment.GetEnvironmentVariable("LAZYKICK_LONG") == "1"
        || Environment.GetEnvironmentVariable("LAZYKICK_UPDATE") is { Length: > 0 };

    public static TheoryData<string> Schemes =>
        [.. Catalogue.Instance.Names.Where(n => !n.Contains('/')).Where(n => !SchemeLoader.FromCatalogue(n)!.IsBase)];

    public static TheoryData<string> Field => [.. Catalogue.Instance.Field];

    [Theory]
    [MemberData(nameof(Schemes))]
    [MemberData(nameof(Field))]
    public void A_scheme_does_what_its_expected_file_says(string name)
    {
        var source = Catalogue.Instance.Read(name + ".expected");
        Assert.True(
            source is not null,
            $"schemes/{name}.expected is missing: write a line 'cpus 2 memory sc' into it and run with "
                + "LAZYKICK_UPDATE=schemes"
        );
        var diagnostics = new DiagnosticCollection();
        var expected = ExpectationFile.Parse(source, diagnostics);
        Assert.Empty(diagnostics);
        Assert.NotEmpty(expected);
        var scheme = SchemeLoader.FromCatalogue(name)!;
        var actual = expected.AsParallel().AsOrdered().Select(e => Measure(scheme, e)).ToList();
        if (Environment.GetEnvironmentVariable("LAZYKICK_UPDATE") is { Length: > 0 } directory)
            File.WriteAllText(Path.Combine(directory, name + ".expected"), ExpectationFile.Format(actual));
        else
            Assert.Equal(ExpectationFile.Format(expected), ExpectationFile.Format(actual));
    }

    [Fact]
    public void The_catalogue_page_lists_what_holds_under_sc_and_fails_on_a_processors_memory()
    {
        var lines = new List<string>();
        foreach (var scheme in Schemes.Select(s => SchemeLoader.FromCatalogue(s)!))
        {
            var all = ExpectationFile.Parse(
                Catalogue.Instance.Read(scheme.Name + ".expected")!,
                new DiagnosticCollection()
            );
            // What the file says is what the test above finds; of some configurations it says nothing under sc.
            var strong = all.Where(e => e.Memory == "sc").ToDictionary(e => e.Configuration, StringComparer.Ordinal);
            lines.AddRange(
                all.Where(e => e.Memory != "sc")
                    .AsParallel()
                    .AsOrdered()
                    .Select(e => (Weak: e, Sc: e with { Memory = "sc" }))
                    .Select(e =>
                        (
                            Weak: e.Weak.Lengths.Count > 0 ? e.Weak : Measure(scheme, e.Weak),
                            Strong: strong.TryGetValue(e.Sc.Configuration, out var known) && known.Lengths.Count > 0
                                ? known
                                : Measure(scheme, e.Sc)
                        )
                    )
                    .Select(e =>
                        (
                            e.Weak,
                            Lost: string.Join(
                                ", ",
                                e.Weak.Lengths.Where(l => l.Value > 0 && e.Strong.Lengths.GetValueOrDefault(l.Key) == 0)
                                    .Select(l => l.Key)
                            )
                        )
                    )
                    .Where(e => e.Lost.Length > 0)
                    .Select(e => $"| `{scheme.Name}` | {e.Weak.Configuration} | {e.Lost} |\n")
            );
        }

        GeneratedList.Check(
            "reference/catalogue.md",
            "written by ExpectationTests",
            "| scheme | configuration | holds under sc only |\n|---|---|---|\n" + string.Concat(lines)
        );
    }

    [Fact]
    public void The_page_of_the_field_shows_each_protocol_with_its_verdicts()
    {
        var rows = Catalogue.Instance.Field.Select(name =>
        {
            var scheme = SchemeLoader.FromCatalogue(name)!;
            var entries = ExpectationFile.Parse(
                Catalogue.Instance.Read(name + ".expected")!,
                new DiagnosticCollection()
            );
            var changes = entries
                .Where(e => e.Memory == entries[0].Memory && e.Cpus == entries[0].Cpus && e.Knobs.Count > 0)
                .Select(e => $"`{e.Configuration.Split(' ', 5)[4]}`: {Broken(scheme, e)}");
            return $"| [`{scheme.Name}`](../../schemes/{name}.kick) | {scheme.Title} | "
                + $"{string.Join("; ", scheme.Sources)} | "
                + $"{entries[0].Memory}: {Broken(scheme, entries[0])} | {string.Join("<br>", changes)} |\n";
        });
        GeneratedList.Check(
            "reference/field.md",
            "written by ExpectationTests",
            "| protocol | what goes wrong | read at | as found | with a change |\n|---|---|---|---|---|\n"
                + string.Concat(rows)
        );

        static string Broken(Scheme scheme, Expectation entry)
        {
            // A kick that never returns leaves other promises unchecked.
            var broken = scheme
                .Promises.Where(p => entry.Lengths.GetValueOrDefault(p) > 0)
                .Select(p => $"{p} in {entry.Lengths[p]} moves");
            return string.Join(", ", broken) is { Length: > 0 } list ? list : "holds";
        }
    }

    private static Expectation Measure(Scheme scheme, Expectation configuration)
    {
        var diagnostics = new DiagnosticCollection();
        var isCounted = s_isLong || configuration.Memory != "arm" || configuration.States <= MostCounted;
        var result = SchemeCheck.Run(
            scheme,
            new CheckOptions
            {
                Cpus = configuration.Cpus,
                Memory = Enum.Parse<MemoryModel>(configuration.Memory, ignoreCase: true),
                Knobs = configuration.Knobs,
                Exact = isCounted,
            },
            diagnostics,
            TestContext.Current.CancellationToken
        );
        Assert.Empty(diagnostics.Select(d => d.Render()));
        var lengths = result!
            .Verdicts.Where(v => v.Verdict != Verdict.NotChecked)
            .ToDictionary(v => v.Property, LengthOf, StringComparer.Ordinal);
        return configuration with { Lengths = lengths, States = isCounted ? result.States : configuration.States };

        // A reduced space may reach the state from which no kick returns later (ReductionTest).
        int LengthOf(PropertyVerdict verdict) =>
            !isCounted && verdict is { Property: "S8", Length: > 0 }
            && configuration.Lengths.GetValueOrDefault("S8") is > 0 and var known
                ? known
                : verdict.Length;
    }
}
