using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Syntax;
using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Tests;

public sealed class FormatterTests
{
    private const string Untidy = """
        scheme  tiny   "two  spaces # in a string"
        knob fast=off     # a remark


        path el0_svc   from user
          exception
          # of the step below
          when fast :
              mask   D A I F      # stays
          isb;   body
          eret # too near

        """;

    private const string Tidy = """
        scheme tiny "two  spaces # in a string"
        knob fast=off     # a remark

        path el0_svc from user
            exception
            # of the step below
            when fast :
                mask D A I F      # stays
            isb; body
            eret  # too near

        """;

    [Fact]
    public void Levels_are_four_spaces_and_gaps_are_one() => Assert.Equal(Tidy, Format(Untidy));

    [Fact]
    public void What_is_tidy_stays() => Assert.Equal(Tidy, Format(Tidy));

    [Fact]
    public void Every_scheme_of_the_catalogue_is_tidy()
    {
        foreach (var name in Catalogue.Instance.Names.Concat(Catalogue.Instance.Field).Distinct())
        {
            var text = Catalogue.Instance.Find(name)!.Text;
            Assert.True(text == Format(text), $"lazykick schemes fmt schemes/{name}.kick");
        }
    }

    [Fact]
    public void The_tokens_of_an_untidy_file_are_those_of_the_tidy_one() =>
        Assert.Equal(Tokens(Untidy), Tokens(Format(Untidy)!));

    [Fact]
    public void A_file_that_is_no_tokens_is_left_alone_and_said()
    {
        var diagnostics = new DiagnosticCollection();

        Assert.Null(SchemeFormatter.Format(new SourceText("bad.kick", "scheme x \"no end\n"), diagnostics));
        Assert.NotEmpty(diagnostics);
    }

    private static string? Format(string text) =>
        SchemeFormatter.Format(new SourceText("file.kick", text), new DiagnosticCollection());

    private static IEnumerable<string> Tokens(string text) =>
        Lexer.Scan(new SourceText("file.kick", text), new DiagnosticCollection()).Select(t => $"{t.Kind} {t.Text}");
}
