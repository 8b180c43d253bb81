using Lazykick.Checking.Exploration;
using Lazykick.Checking.Memory;
using Lazykick.Checking.Tests.Naive;
using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Tests.Robustness;

/// <summary>
/// Schemes that load and cannot be checked get a message; schemes that were damaged are checked or get one.
/// </summary>
public class BadSchemeTests
{
    private const string Head = """
        scheme bad "loads, but"
        place task
        shared x : bit
        private p : bit
        role one
            starts task when PLACES
            takes path_p
        role two
            starts user
        cpus one two
        knob on_or_off = on

        """;

    [Theory]
    [InlineData(
        "LK0500",
        "routine r\n    isb\npath path_p from task\n    isb\n    repeat:\n        when p = 1: break\n",
        "15:5"
    )]
    [InlineData(
        "LK0500",
        "path path_p from task\n    repeat:\n        when on_or_off: p := 0 when not on_or_off\n",
        "12:"
    )]
    [InlineData("LK0501", "path path_p from task\n    isb\n", "5:6")]
    [InlineData("LK0502", "path path_p from task\n    rmw x := x + 1 full\n", "13:5")]
    [InlineData("LK0502", "path path_p from task\n    rmw x := x - 1 full\n", "13:5")]
    [InlineData("LK0504", "kick k\n    isb\nkick l\n    kick k\npath path_p from task\n    kick l\n", "15:5")]
    [InlineData("LK0505", "CHAINroutine r0\n    isb\npath path_p from task\n    call r40\n", "")]
    [InlineData("LK0505", "CHAINroutine r0\n    isb when not on_or_off\npath path_p from task\n    call r40\n", "")]
    [InlineData("LK0505", "path path_p from task\nLOOPS", "")]
    public void AMistakeThatShowsInTheRunIsTold(string code, string steps, string where)
    {
        var chain = string.Concat(
            Enumerable.Range(1, 40).Select(i => $"routine r{i}\n    call r{i - 1}\n    call r{i - 1}\n")
        );
        var loops =
            string.Concat(Enumerable.Range(1, 20).Select(i => $"{new string(' ', 4 * i)}for t{i} in all:\n"))
            + new string(' ', 84)
            + "isb\n";
        var text =
            Head.Replace("PLACES", code == "LK0501" ? "not on_or_off" : "on_or_off", StringComparison.Ordinal)
            + steps.Replace("CHAIN", chain, StringComparison.Ordinal).Replace("LOOPS", loops, StringComparison.Ordinal);
        var diagnostics = new DiagnosticCollection();
        Assert.Null(
            SchemeCheck.Run(
                SchemeText.Load(text),
                new CheckOptions(),
                diagnostics,
                TestContext.Current.CancellationToken
            )
        );
        var diagnostic = Assert.Single(diagnostics);
        Assert.Equal(code, diagnostic.Code);
        Assert.StartsWith($"test.kick:{where}", diagnostic.Render(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MemoryModel.Arm)]
    [InlineData(MemoryModel.Tso)]
    public void AMemoryModelThatIsNotTheArchitecturesIsRefused(MemoryModel memory)
    {
        var scheme = SchemeLoader.FromCatalogue("rm-host-action")!;
        var diagnostics = new DiagnosticCollection();
        Assert.Equal(MemoryModel.Sc, SchemeCheck.DefaultMemory(scheme));
        Assert.Null(
            SchemeCheck.Run(
                scheme,
                new CheckOptions { Memory = memory },
                diagnostics,
                TestContext.Current.CancellationToken
            )
        );
        Assert.Equal("LK0506", Assert.Single(diagnostics).Code);
    }

    [Theory]
    [InlineData("nothing", "on", "LK0106")]
    [InlineData("on_or_off", "maybe", "LK0107")]
    public void AKnobThatIsNotThereIsTold(string knob, string value, string code)
    {
        var scheme = SchemeText.Load(
            Head.Replace("PLACES", "on_or_off", StringComparison.Ordinal) + "path path_p from task\n    isb\n"
        );
        var diagnostics = new DiagnosticCollection();
        Assert.Null(
            SchemeCheck.Run(
                scheme,
                new CheckOptions { Knobs = new Dictionary<string, string> { [knob] = value } },
                diagnostics,
                TestContext.Current.CancellationToken
            )
        );
        Assert.Equal(code, Assert.Single(diagnostics).Code);
    }

    /// <summary>
    /// Lines of the catalogue are left out, doubled and swapped; what still loads is checked as far as a small limit.
    /// </summary>
    [Fact]
    public void DamagedSchemesAreCheckedOrRefused()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("LAZYKICK_SEED"), out var given) ? given : 1;
        var names = Catalogue.Instance.Names.ToList();
        var isChecked = 0;
        var count = Environment.GetEnvironmentVariable("LAZYKICK_LONG") == "1" ? 10_000 : 40;
        for (var i = 0; i < count; i++)
        {
            var random = new Random(unchecked((seed * 1_000_003) + i));
            var damaged = new DamagedFiles(names[random.Next(names.Count)], random);
            foreach (var scheme in names.Select(damaged.Load).OfType<Scheme>().Take(2))
            {
                var diagnostics = new DiagnosticCollection();
                try
                {
                    var result = SchemeCheck.Run(
                        scheme,
                        new CheckOptions
                        {
                            Cpus = 2 + random.Next(2),
                            Limits = SearchLimits.Default with { MaxStates = 2_000 },
                        },
                        diagnostics,
                        TestContext.Current.CancellationToken
                    );
                    Assert.True(result is not null || diagnostics.Count > 0);
                    foreach (var verdict in result?.Verdicts ?? [])
                        Assert.Equal(verdict.Verdict == Verdict.Violated, verdict.Race.Value is not null);
                    isChecked++;
                }
                catch (Exception error) when (error is not Xunit.Sdk.IAssertionException)
                {
                    Assert.Fail(
                        $"seed {seed}, case {i}, {scheme.Name} with {damaged.Name}.kick as "
                            + $"follows\n{error}\n{damaged.Text}"
                    );
                }
            }
        }

        Assert.True(isChecked > count / 3, $"{isChecked} of {count} were checked");
    }

    /// <summary>The catalogue with one file damaged.</summary>
    private sealed class DamagedFiles : ISchemeFiles
    {
        public DamagedFiles(string name, Random random)
        {
            Name = name;
            var lines = Catalogue.Instance.Find(name)!.Text.Split('\n').ToList();
            for (var i = random.Next(1, 3); i > 0; i--)
            {
                var (line, other) = (random.Next(1, lines.Count), random.Next(1, lines.Count));
                switch (random.Next(4))
                {
                    case 0:
                        lines.RemoveAt(line);
                        break;
                    case 1:
                        lines.Insert(line, lines[other]);
                        break;
                    case 2:
                        (lines[line], lines[other]) = (lines[other], lines[line]);
                        break;
                    default:
                        lines[line] = lines[line]
                            .Replace(" 1", " 0", StringComparison.Ordinal)
                            .Replace("on", "off", StringComparison.Ordinal);
                        break;
                }
            }

            Text = string.Join('\n', lines);
        }

        public string Name { get; }

        public string Text { get; }

        public IEnumerable<string> Names => Catalogue.Instance.Names;

        public SourceText? Find(string name) =>
            name == Name ? new SourceText($"{name}.kick", Text) : Catalogue.Instance.Find(name);

        /// <summary>A scheme that includes the file, if it loads.</summary>
        public Scheme? Load(string name)
        {
            var scheme = SchemeLoader.Load(Find(name)!, this, new DiagnosticCollection());
            return scheme is { IsBase: false } && scheme.Files.Any(f => f.Path == $"{Name}.kick") ? scheme : null;
        }
    }
}
