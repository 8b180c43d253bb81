using Lazykick.Checking.Exploration;
using Lazykick.Checking.Litmus.Answers;
using Lazykick.Checking.Litmus.Machine;
using Lazykick.Checking.Litmus.Reading;

namespace Lazykick.Checking.Tests.Litmus;

public class HostileInputTests
{
    private static readonly string[] _seeds =
    [
        "MP+dmb+ctrlisb",
        "SB.RF+llsc-dmb-isb",
        "SVC+fetch.exs-eis0",
        "n8",
        "CoFF",
    ];

    [Fact]
    public void A_cut_file_is_refused_or_says_nothing_else_than_the_whole_one()
    {
        foreach (var name in _seeds)
        {
            var text = LitmusFiles.Text(name);
            var conditionAt = text.IndexOf("exists", StringComparison.Ordinal);
            for (var length = 0; length < conditionAt; length++)
                Assert.Throws<LitmusException>(() => LitmusFiles.Run(text[..length]));
            for (var length = conditionAt; length < text.Length; length++)
                RunAnything(text[..length]);
        }
    }

    [Fact]
    public void A_mutated_file_never_crashes_the_reader_or_the_machine()
    {
        var rounds = Environment.GetEnvironmentVariable("LAZYKICK_LONG") == "1" ? 20_000 : 1_500;
        const string alphabet = "PLXW019:=;|[](){}<>*\"\\/~ \n,#$%@.+-";
        for (var round = 0; round < rounds; round++)
        {
            var random = new Random(round);
            var text = LitmusFiles.Text(_seeds[round % _seeds.Length]).ToCharArray().ToList();
            for (var edits = random.Next(1, 5); edits > 0; edits--)
            {
                var at = random.Next(text.Count);
                switch (random.Next(4))
                {
                    case 0:
                        text[at] = alphabet[random.Next(alphabet.Length)];
                        break;
                    case 1:
                        text.Insert(at, alphabet[random.Next(alphabet.Length)]);
                        break;
                    case 2:
                        text.RemoveAt(at);
                        break;
                    default:
                        text.InsertRange(at, text.GetRange(random.Next(text.Count / 2), 5));
                        break;
                }
            }

            var mutated = new string([.. text]);
            var failure = Record.Exception(() => RunAnything(mutated));
            Assert.True(failure is null, $"seed {round}: {failure}\n{mutated}");
        }
    }

    [Fact]
    public void Random_text_is_refused_with_a_place_inside_it()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var text =
                (seed % 2 == 0 ? "AArch64 T\n{" : "")
                + new string([.. Enumerable.Range(0, random.Next(200)).Select(_ => (char)random.Next(1, 0x300))]);
            var error = Assert.Throws<LitmusException>(() => LitmusReader.Read(text));
            var lines = text.Split('\n');
            Assert.InRange(error.Position.Line, 1, lines.Length);
            Assert.InRange(error.Position.Column, 1, lines[error.Position.Line - 1].Length + 1);
        }
    }

    [Fact]
    public void Deep_nesting_and_endless_files_are_refused()
    {
        Assert.Throws<LitmusException>(() =>
            LitmusReader.Read("AArch64 T\n{}\n P0 ;\n NOP ;\nexists " + new string('(', 100_000))
        );
        Assert.Throws<LitmusException>(() =>
            LitmusReader.Read("AArch64 T\n{}\n P0 ;\n NOP ;\nexists " + new string('~', 100_000))
        );
        Assert.Throws<LitmusException>(() =>
            LitmusReader.Read(
                "AArch64 T\n{}\n P0 ;\n" + string.Concat(Enumerable.Repeat(" NOP ;\n", 1000)) + "exists (x=1)"
            )
        );
        Assert.Throws<LitmusException>(() => LitmusReader.Read(new string(' ', 2_000_000)));
    }

    // Small limits: a mutation may well make a program that runs for ever.
    private static void RunAnything(string text)
    {
        try
        {
            LitmusRunner.Run(
                LitmusReader.Read(text),
                new LitmusOptions { Limits = SearchLimits.Default with { MaxStates = 2_000 }, Window = 8 }
            );
        }
        catch (LitmusException e)
        {
            Assert.InRange(e.Position.Line, 1, text.Count(c => c == '\n') + 1);
        }
        catch (LitmusLimitException)
        {
            // Giving up is an answer.
        }
    }
}
