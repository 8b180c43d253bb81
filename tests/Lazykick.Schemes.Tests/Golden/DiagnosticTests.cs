using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Tests.Golden;

/// <summary>
/// Every mistake has a file that makes it, and beside it the message as people see it. LAZYKICK_UPDATE_GOLDEN=1 writes
/// the messages anew, to be read before they are committed.
/// </summary>
public sealed partial class DiagnosticTests
{
    private static readonly string s_directory = Here();

    public static TheoryData<string> Files { get; } =
    [
        .. Directory
            .EnumerateFiles(s_directory)
            .Select(f => Path.GetFileName(f))
            .Where(f =>
                f.EndsWith(".kick", StringComparison.Ordinal) || f.EndsWith(".expected", StringComparison.Ordinal)
            )
            .Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_mistake_is_told_as_in_its_golden_file(string file)
    {
        var rendered = string.Concat(Diagnose(file).Select(d => d.Render() + "\n"));
        var golden = Path.ChangeExtension(Path.Combine(s_directory, file), ".txt");
        if (Environment.GetEnvironmentVariable("LAZYKICK_UPDATE_GOLDEN") == "1")
            File.WriteAllText(golden, rendered);
        Assert.Equal(File.ReadAllText(golden).ReplaceLineEndings("\n"), rendered);
        Assert.Contains($"error {file[..6]}: ", rendered, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_code_in_the_source_has_a_golden_file()
    {
        var source = Path.Combine(s_directory, "../../../src/Lazykick.Schemes");
        var codes = Directory
            .EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
            .SelectMany(f => Code().Matches(File.ReadAllText(f)))
            .Select(m => m.Groups["code"].Value);
        var shown = Directory
            .EnumerateFiles(s_directory, "*.txt")
            .SelectMany(f => Shown().Matches(File.ReadAllText(f)))
            .Select(m => m.Groups["code"].Value);
        // in LimitTests: their files are long; LK08xx are no mistakes, SchemeLintTests plants them
        Assert.Equal(
            ["LK0006", "LK0114"],
            codes
                .Distinct()
                .Where(c => !c.StartsWith("LK08", StringComparison.Ordinal))
                .Except(shown)
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void The_documented_list_of_codes_is_made_of_the_golden_files()
    {
        const string Start = "| code | for example | what to do |\n|---|---|---|\n";
        var document = Path.Combine(s_directory, "../../../docs/reference/diagnostics.md");
        var rows = Files
            .Where(f => !f.Data.Contains('-', StringComparison.Ordinal))
            .Select(f => Diagnose(f.Data).First(d => d.Code == f.Data[..6]))
            .Select(d => $"| {d.Code} | {Cell(d.Message)} | {Cell(d.Hint ?? "")} |\n");
        var text = File.ReadAllText(document).ReplaceLineEndings("\n");
        var wanted = text[..(text.IndexOf(Start, StringComparison.Ordinal) + Start.Length)] + string.Concat(rows);
        if (Environment.GetEnvironmentVariable("LAZYKICK_UPDATE_GOLDEN") == "1")
            File.WriteAllText(document, wanted);
        Assert.Equal(wanted, File.ReadAllText(document).ReplaceLineEndings("\n"));

        static string Cell(string words) => words.Replace("|", "\\|", StringComparison.Ordinal);
    }

    [Fact]
    public void Messages_are_one_sentence_without_a_full_stop_and_point_into_the_file()
    {
        foreach (var file in Files)
        {
            foreach (var diagnostic in Diagnose(file.Data))
            {
                Assert.Matches("^LK[0-9]{4}$", diagnostic.Code);
                Assert.False(
                    diagnostic.Message.EndsWith('.') || diagnostic.Message.Contains('\n', StringComparison.Ordinal),
                    diagnostic.Message
                );
                Assert.InRange(diagnostic.Span.Line, 1, diagnostic.Span.Source.LineCount);
                Assert.InRange(diagnostic.Span.Column, 1, diagnostic.Span.Source.Line(diagnostic.Span.Line).Length + 1);
            }
        }
    }

    private static DiagnosticCollection Diagnose(string file)
    {
        var source = new SourceText(file, File.ReadAllText(Path.Combine(s_directory, file)).ReplaceLineEndings("\n"));
        var diagnostics = new DiagnosticCollection();
        if (file.EndsWith(".kick", StringComparison.Ordinal))
            Assert.Null(SchemeLoader.Load(source, new GoldenFiles(), diagnostics));
        else
            ExpectationFile.Parse(source, diagnostics);
        Assert.NotEmpty(diagnostics);
        return diagnostics;
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    [GeneratedRegex("\"(?<code>LK[0-9]{4})\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Code();

    [GeneratedRegex("error (?<code>LK[0-9]{4}): ", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Shown();
}
