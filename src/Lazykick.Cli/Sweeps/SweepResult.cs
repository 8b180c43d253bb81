using Lazykick.Checking.Exploration;
using Lazykick.Checking.Verdicts;
using Lazykick.Cli.Json;
using Lazykick.Cli.Output;

namespace Lazykick.Cli.Sweeps;

/// <summary>A sweep's matrix, whole or in part: how it is printed, and what it comes to.</summary>
internal static class SweepResult
{
    /// <summary>Prints it, and returns the exit status.</summary>
    /// <param name="document">The matrix.</param>
    /// <param name="json">As a JSON document.</param>
    /// <param name="isCut">Combinations that were asked for are missing.</param>
    public static int Print(SweepDocument document, bool json, bool isCut)
    {
        if (json)
            JsonOutput.Print(document, JsonOutput.Documents.SweepDocument);
        else
            new SweepText(Terminal.Standard).Write(document, isCut);
        return Status(document, isCut);
    }

    /// <summary>Nothing is left to be found out about a combination.</summary>
    public static bool IsDecided(SweepDocument.SweptCombination row) =>
        row.Refused is not null || row.End == SearchEnd.Exhausted;

    private static int Status(SweepDocument document, bool isCut)
    {
        var answers = document.Rows.Select(r => r.Answer).ToList();
        return answers.Contains(AnswerKind.Broken) ? ExitStatus.Violated
            : isCut || answers.Contains(AnswerKind.GaveUp) ? ExitStatus.GaveUp
            : answers.Contains(AnswerKind.NotShown) || answers.Contains(null) ? ExitStatus.CannotTell
            : ExitStatus.Done;
    }
}
