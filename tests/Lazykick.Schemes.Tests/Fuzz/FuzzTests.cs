using System.Text;
using Lazykick.Schemes.Loading;

namespace Lazykick.Schemes.Tests.Fuzz;

/// <summary>
/// Whatever the file holds, loading it ends, and says at most what is wrong. LAZYKICK_SEED picks another seed,
/// LAZYKICK_LONG=1 tries a hundred times as much.
/// </summary>
public sealed class FuzzTests
{
    private static readonly int s_seed = int.TryParse(Environment.GetEnvironmentVariable("LAZYKICK_SEED"), out var seed)
        ? seed
        : 20180405;
    private static readonly int s_factor = Environment.GetEnvironmentVariable("LAZYKICK_LONG") == "1" ? 100 : 1;

    [Fact]
    public void Random_bytes_are_refused() =>
        Try(
            300,
            random =>
            {
                var bytes = new byte[random.Next(2_000)];
                random.NextBytes(bytes);
                return random.Next(2) == 0 ? Encoding.UTF8.GetString(bytes) : Encoding.Latin1.GetString(bytes);
            }
        );

    [Fact]
    public void Words_of_the_language_in_any_order_are_no_danger()
    {
        var words = Catalogue
            .Instance.Names.SelectMany(n =>
                Catalogue.Instance.Find(n)!.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            )
            .Distinct()
            .ToArray();
        Try(
            600,
            random =>
            {
                var text = new StringBuilder("scheme soup \"words\"\n");
                for (var line = 0; line < random.Next(1, 40); line++)
                {
                    text.Append(' ', 4 * random.Next(4));
                    for (var word = 0; word < random.Next(1, 9); word++)
                        text.Append(words[random.Next(words.Length)]).Append(random.Next(12) == 0 ? "" : " ");
                    text.Append('\n');
                }

                return text.ToString();
            }
        );
    }

    [Fact]
    public void Damaged_files_of_the_catalogue_are_read_or_refused()
    {
        var files = Catalogue.Instance.Names.Select(n => Catalogue.Instance.Find(n)!.Text).ToArray();
        Try(1_000, random => Mutation.Of(files[random.Next(files.Length)], random));
    }

    private static void Try(int count, Func<Random, string> make)
    {
        for (var i = 0; i < count * s_factor; i++)
        {
            var text = make(new Random(HashCode.Combine(s_seed, i)));
            var diagnostics = SmallStack.Load(text);
            foreach (var diagnostic in diagnostics)
            {
                var span = diagnostic.Span;
                var sane =
                    span.Line >= 1
                    && span.Line <= span.Source.LineCount
                    && span.Column >= 1
                    && span.Start + span.Length <= span.Source.Text.Length
                    && diagnostic
                        .Render()
                        .StartsWith(
                            $"{span.Source.Path}:{span.Line}:{span.Column}: error {diagnostic.Code}: ",
                            StringComparison.Ordinal
                        );
                Assert.True(sane, $"seed {s_seed}, case {i}: {diagnostic}\n{text}");
            }
        }
    }
}
