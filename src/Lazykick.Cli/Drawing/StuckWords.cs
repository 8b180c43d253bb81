using Lazykick.Checking.Verdicts;

namespace Lazykick.Cli.Drawing;

/// <summary>Puts into words why nothing goes on: who waits for what, who would set it, and why he does not.</summary>
internal static class StuckWords
{
    private const int MostSetters = 2;

    /// <summary>Where a CPU stands.</summary>
    public static string Text(RaceStanding at) =>
        at.IsLooping ? $"spins for ever: {at.Step}"
        : at.WaitsFor.Count > 0 ? $"waits for ever: {at.Step}"
        : at.MayStay ? $"may stay at {(at.Step.Length > 0 ? at.Step : at.Path)}"
        : $"stops before: {at.Step}";

    /// <summary>What it waits for, and what it leaves undone; null if there is nothing to say.</summary>
    public static string? Remark(RaceStanding at)
    {
        var parts = at.WaitsFor.Select(Wait).ToList();
        if (at.Pending.Count > 0)
        {
            var why = at.IsMasked ? "interrupts are masked" : "it takes no interrupt there";
            parts.Add(
                $"{string.Join(" and ", at.Pending)} {(at.Pending.Count == 1 ? "is" : "are")} pending, and {why}"
            );
        }

        return parts.Count == 0 ? null : string.Join("; ", parts);
    }

    private static string Wait(RaceWait wait)
    {
        var who = wait.Setters.Select(s => $"CPU{s.Cpu} would set it in {s.Path}: {s.Step}").ToList();
        var more = who.Count > MostSetters ? $", or {who.Count - MostSetters} more steps" : "";
        return $"{wait.Variable} is {wait.Value}; "
            + (
                who.Count == 0
                    ? "no step of another CPU ends the wait"
                    : string.Join(", or ", who.Take(MostSetters)) + more
            );
    }
}
