using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Syntax;
using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Tests;

/// <summary>The grammar for editors (editors/kick.tmLanguage.json) sees a scheme as the parser does.</summary>
public sealed class GrammarTests
{
    private static readonly List<(string Scope, Regex Match)> s_rules = Rules();

    public static TheoryData<string> Words => [.. Keywords.Declarations.Union(Keywords.Steps)];

    [Theory]
    [MemberData(nameof(Words))]
    public void A_word_that_begins_a_declaration_or_a_step_is_a_keyword(string word)
    {
        var line = Keywords.Declarations.Contains(word) ? $"{word} name" : $"    {word} name";

        Assert.StartsWith("keyword.", Scopes(line).First(s => s.Text.Trim() == word).Scope, StringComparison.Ordinal);
    }

    [Fact]
    public void In_every_scheme_remarks_and_strings_are_those_of_the_lexer()
    {
        foreach (var name in Catalogue.Instance.Names.Concat(Catalogue.Instance.Field).Distinct())
        {
            var source = new SourceText(name, Catalogue.Instance.Find(name)!.Text);
            var tokens = Lexer.Scan(source, new DiagnosticCollection());
            var strings = tokens.Where(t => t.Kind == TokenKind.String).Select(t => $"\"{t.Text}\"");
            var seen = source.Text.Split('\n').SelectMany(Scopes).ToList();

            Assert.Equal(strings, Of("string").Select(s => s.Text));
            var remarks = Of("comment").ToList();
            Assert.Equal(
                source.Text.Split('\n').Sum(l => l.Length) - remarks.Sum(r => r.Text.Length),
                source.Text.Split('\n').Sum(l => WithoutRemark(l).Length)
            );

            IEnumerable<(string Text, string Scope)> Of(string kind) =>
                seen.Where(s => s.Scope.StartsWith(kind, StringComparison.Ordinal));
        }

        static string WithoutRemark(string line)
        {
            var source = new SourceText("line.kick", line);
            var tokens = Lexer.Scan(source, new DiagnosticCollection()).Where(t => t.Span.Length > 0).ToList();
            var end = tokens.Count == 0 ? 0 : tokens.Max(t => t.Span.Start + t.Span.Length);
            var remark = line.IndexOf('#', Math.Min(end, line.Length));
            return remark < 0 ? line : line[..remark];
        }
    }

    [Fact]
    public void A_step_is_coloured_word_by_word()
    {
        const string Line = "    @count rmw state := 1 full when \"a # b\"  # a remark";
        var scopes = Scopes(Line).Select(s => $"{s.Text}|{s.Scope}");

        Assert.Equal(
            [
                "@count|entity.name.label.kick",
                "rmw|keyword.other.step.kick",
                ":=|keyword.operator.kick",
                "1|constant.numeric.kick",
                "full|storage.modifier.kick",
                "when|keyword.control.kick",
                "\"a # b\"|string.quoted.double.kick",
                "# a remark|comment.line.number-sign.kick",
            ],
            scopes
        );
    }

    /// <summary>As TextMate does it: the match that begins first, of those the rule that is listed first.</summary>
    private static IEnumerable<(string Text, string Scope)> Scopes(string line)
    {
        for (var at = 0; at < line.Length;)
        {
            var hits = s_rules
                .Select(r => (r.Scope, Match: r.Match.Match(line, at)))
                .Where(h => h.Match.Success)
                .ToList();
            if (hits.Count == 0)
            {
                yield break;
            }

            var (scope, match) = hits.MinBy(h => h.Match.Index);
            yield return (match.Value.TrimStart(), scope);
            at = match.Index + match.Length;
        }
    }

    private static List<(string Scope, Regex Match)> Rules([CallerFilePath] string file = "")
    {
        var grammar = Path.Combine(Path.GetDirectoryName(file)!, "../../editors/kick.tmLanguage.json");
        using var json = JsonDocument.Parse(File.ReadAllText(grammar));
        return
        [
            .. json
                .RootElement.GetProperty("patterns")
                .EnumerateArray()
                .Select(p =>
                    (
                        p.GetProperty("name").GetString()!,
                        new Regex(p.GetProperty("match").GetString()!, RegexOptions.None, TimeSpan.FromSeconds(1))
                    )
                ),
        ];
    }
}
