using System.Runtime.CompilerServices;
using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Syntax;
using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Tests;

/// <summary>What docs/reference/language.md shows is what the parser takes.</summary>
public sealed class LanguageReferenceTests
{
    [Fact]
    public void The_example_loads_without_a_complaint()
    {
        var diagnostics = new DiagnosticCollection();
        var scheme = SchemeLoader.Load(new SourceText("tiny.kick", Example()), Catalogue.Instance, diagnostics);
        Assert.True(scheme is not null, string.Concat(diagnostics.Select(d => d.Render())));
        Assert.Equal(["kicker", "target"], scheme.Cast);
        Assert.Equal("kick_all_cpus_sync", Assert.Single(Assert.Single(scheme.Policies.Values).Serves).Text);
    }

    [Fact]
    public void The_tokens_of_a_file_and_what_lies_between_them_are_the_file()
    {
        foreach (var text in Catalogue.Instance.Names.Select(n => Catalogue.Instance.Find(n)!.Text).Append(Example()))
        {
            var diagnostics = new DiagnosticCollection();
            var source = new SourceText("round.kick", text);
            var end = 0;
            foreach (
                var token in Lexer
                    .Scan(source, diagnostics)
                    .Where(t => t.Kind is TokenKind.Word or TokenKind.Number or TokenKind.String or TokenKind.Mark)
            )
            {
                Assert.True(token.Span.Start >= end);
                Between(text[end..token.Span.Start]);
                Assert.Equal(token.Kind == TokenKind.String ? $"\"{token.Text}\"" : token.Text, token.Span.Text);
                end = token.Span.Start + token.Span.Length;
            }

            Between(text[end..]);
            Assert.Empty(diagnostics);
        }

        static void Between(string gap) =>
            Assert.All(gap.Split('\n'), line => Assert.True(line.Split('#')[0].Trim().Length == 0, line));
    }

    [Theory]
    [InlineData("watchin", "did you mean 'watching'?")]
    [InlineData("WATCHING", "did you mean 'watching'?")]
    [InlineData("wathcing", "did you mean 'watching'?")]
    [InlineData("csdd", "did you mean 'csd'?")]
    [InlineData("cds", "did you mean 'csd'?")]
    [InlineData("nothing_like_it", "known here: csd, mask, watching")]
    [InlineData("", "known here: csd, mask, watching")]
    public void The_name_that_was_probably_meant_is_suggested(string written, string hint) =>
        Assert.Equal(hint, Suggestion.For(written, ["watching", "csd", "mask"]));

    [Fact]
    public void With_nothing_near_among_many_names_nothing_is_suggested()
    {
        Assert.Null(Suggestion.For("wibble", Enumerable.Range(0, 40).Select(i => $"variable_{i}")));
        Assert.Null(Suggestion.For("wibble", []));
    }

    private static string Example([CallerFilePath] string here = "")
    {
        var text = File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "../../docs/reference/language.md"))
            .ReplaceLineEndings("\n");
        var start = text.IndexOf("```\nscheme tiny", StringComparison.Ordinal) + 4;
        return text[start..text.IndexOf("```", start, StringComparison.Ordinal)];
    }
}
