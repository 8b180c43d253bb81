using Lazykick.Checking.Memory;
using Lazykick.Checking.Replaying;
using Lazykick.Checking.Verdicts;
using Lazykick.Cli.Json;
using Lazykick.Cli.Output;
using Lazykick.Schemes.Text;

namespace Lazykick.Cli.Checking;

/// <summary>The file of <c>check --save</c>.</summary>
internal static class ExecutionFile
{
    public const string Schema = "lazykick.execution/1";

    private const int MostFiles = 100;
    private const int MostMoves = 100_000;

    /// <summary>Writes the race that a check draws, or says on standard error why not.</summary>
    public static bool Write(string path, CheckedScheme found, TextWriter errors)
    {
        if (found.Drawn is not { } drawn || drawn.Race.Value is not { } race)
        {
            errors.WriteLine(
                found.IsBrokenByMoreCpus
                    ? $"lazykick: {path} is not written: only more CPUs have a race; --cpus 3 explores them"
                    : $"lazykick: {path} is not written: there is no race to save"
            );
            return true;
        }

        return ReportFile.Write(
            path,
            stream => JsonOutput.Write(stream, Of(found.Decisive, race), JsonOutput.Documents.ExecutionDocument),
            errors
        );
    }

    /// <summary>What no file that lazykick wrote has; or null.</summary>
    public static string? Mistake(ExecutionDocument saved)
    {
        if (saved.Files.Count is 0 or > MostFiles || saved.Files.Any(f => f?.Name is null || f.Text is null))
            return "its texts are not there";
        if (saved.Files.Any(f => f.Text.Length > SourceText.MaxLength))
            return "a text is too long for a scheme";
        if (saved.Cpus.Count is < CheckOptions.MinCpus or > CheckOptions.MaxCpus || saved.Cpus.Contains(null!))
            return $"it is for {saved.Cpus.Count} CPUs";
        var mayFly = saved.Memory != MemoryModel.Sc;
        if (mayFly ? saved.InFlight is < 1 or > CheckOptions.MaxInFlight : saved.InFlight != 0)
            return $"it is for {saved.InFlight} accesses in flight";
        if (saved.Knobs.Values.Contains(null!) || saved.Starts.Contains(null!))
            return "a name is null";
        if (saved.Moves.Count > MostMoves)
            return $"it has {saved.Moves.Count} moves";
        return saved.Moves.Any(m =>
            m?.Path is null || m.Step is null || m.Changes is null || m.Changes.Values.Any(v => v is not { Length: 2 })
        )
            ? "a move is not whole"
            : null;
    }

    private static ExecutionDocument Of(CheckResult result, Race race) =>
        new()
        {
            Schema = Schema,
            Version = ProductVersion.Text,
            Scheme = result.Scheme.Name,
            Files =
            [
                .. result.Scheme.Files.Select(f => new ExecutionDocument.NamedText(SchemeHashes.NameOf(f), f.Text)),
            ],
            Memory = result.Memory,
            Cpus = [.. Enumerable.Range(0, result.Cpus).Select(c => result.Scheme.RoleOf(c).Name)],
            InFlight = result.InFlight,
            Knobs = result.Knobs,
            Property = race.Property.Id,
            Starts = race.Starts,
            Moves =
            [
                .. race.Moves.Select(m => new SavedMove(
                    m.Cpu,
                    m.Path,
                    m.Step,
                    m.Phase,
                    m.Enters,
                    m.Note,
                    m.Changes.ToDictionary(c => c.Name, c => (int[])[c.Before, c.After], StringComparer.Ordinal)
                )),
            ],
        };
}
