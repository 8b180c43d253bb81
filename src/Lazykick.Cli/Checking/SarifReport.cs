using Lazykick.Checking.Properties;
using Lazykick.Checking.Verdicts;
using Lazykick.Cli.Json;
using Lazykick.Cli.Output;
using Lazykick.Schemes.Text;

namespace Lazykick.Cli.Checking;

/// <summary>
/// Checks as a SARIF log: a result for each property that decides the exit status and does not hold, at the line of the
/// scheme where its race ends, with the race as a flow; and one for each reason why nothing is shown. A log without
/// results says that all is well.
/// </summary>
internal static class SarifReport
{
    private const string Evidence = "evidence";
    private const string Expectation = "expected";
    private const string Schema = "https://json.schemastore.org/sarif-2.1.0.json";

    public static bool Write(string path, IReadOnlyList<CheckedScheme> checks, TextWriter errors) =>
        ReportFile.Write(
            path,
            stream => JsonOutput.Write(stream, Of(checks), JsonOutput.Documents.SarifDocument),
            errors
        );

    private static SarifDocument Of(IReadOnlyList<CheckedScheme> checks)
    {
        var rules = PropertyList
            .All.Concat(checks.SelectMany(c => c.Decisive.Verdicts).Select(v => v.Definition))
            .DistinctBy(p => p.Id)
            .Select(p => new SarifDocument.SarifRule(p.Id, new(p.Sentence.Length > 0 ? p.Sentence : p.Id)))
            .Append(new SarifDocument.SarifRule(Evidence, new("what the verdicts need was explored")))
            .Append(new SarifDocument.SarifRule(Expectation, new("the verdicts are those of the .expected file")));
        var driver = new SarifDocument.SarifDriver("lazykick", ProductVersion.Text, [.. rules]);
        return new(Schema, "2.1.0", [new(new(driver), [.. checks.SelectMany(Results)])]);
    }

    private static IEnumerable<SarifDocument.SarifResult> Results(CheckedScheme found)
    {
        var result = found.Decisive;
        var about = $"{result.Scheme.Name}, {result.Cpus} CPUs, {result.Memory.ToString().ToLowerInvariant()}";
        var asked = found.IsExpectation
            ? []
            : found.Shown.Where(v => found.Answer.Properties.Contains(v.Property)).ToList();
        foreach (var verdict in asked)
        {
            if (verdict.Verdict == Verdict.Violated && verdict.Race.Value is { } race)
            {
                yield return new(
                    verdict.Property,
                    "fail",
                    "error",
                    new(
                        $"{about}: {verdict.Property} is violated in {verdict.Length} moves: {race.Property.Violation}"
                    ),
                    [At(race.OldText?.Span ?? race.Moves[^1].Span, null)],
                    [new([new([.. race.Moves.Select(m => new SarifDocument.SarifStep(At(m.Span, Words(m))))])])]
                );
            }
            else if (verdict.Verdict is Verdict.NotChecked or Verdict.Undecided)
            {
                var why = verdict.Reason ?? SearchEndText.Of(result.End);
                yield return new(
                    verdict.Property,
                    "open",
                    "none",
                    new($"{about}: {verdict.Property} is not shown: {why}"),
                    [At(result.Scheme.Header.Span, null)],
                    null
                );
            }
        }

        if (!found.IsExpectation && found.Answer.Kind is AnswerKind.NotShown)
        {
            foreach (var reason in found.Answer.Reasons)
            {
                yield return new(
                    Evidence,
                    "open",
                    "none",
                    new($"{about}: not shown: {reason}"),
                    [At(result.Scheme.Header.Span, null)],
                    null
                );
            }
        }

        if (found.IsBrokenByMoreCpus)
        {
            var what = string.Join(", ", found.Answer.Reasons);
            yield return new(
                Evidence,
                "fail",
                "error",
                new($"{about}: violated: {what}"),
                [At(result.Scheme.Header.Span, null)],
                null
            );
        }

        foreach (var difference in found.Differences)
        {
            yield return new(
                Expectation,
                "fail",
                "error",
                new($"{about}: not as expected: {difference}"),
                [At(result.Scheme.Header.Span, null)],
                null
            );
        }
    }

    private static string Words(RaceMove move) =>
        $"CPU{move.Cpu}: "
            + $"{(move.Enters is null ? "" : $"{move.Enters}: ")}{move.Step}"
            + $"{(move.Note is null ? "" : $" ({move.Note})")}";

    /// <summary>A path as a reference: what an address may not hold is escaped.</summary>
    private static string Address(string path) =>
        string.Join('/', path.Replace('\\', '/').Split('/').Select(Uri.EscapeDataString));

    private static SarifDocument.SarifLocation At(SourceSpan span, string? message) =>
        new(new(new(Address(span.Source.Path)), new(span.Line)), message is null ? null : new(message));
}
