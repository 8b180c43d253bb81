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
    /// <param name="at">Where the CPU stands.</param>
    /// <param name="all">Where every CPU stands.</param>
    public static string? Remark(RaceStanding at, IReadOnlyList<RaceStanding> all)
    {
        var parts = at.WaitsFor.Select(w => w.Holder is { } holder ? Held(w, holder, at, all) : Wait(w)).ToList();
        if (at.Pending.Count > 0)
        {
            var why = at.IsMasked ? "interrupts are masked" : "it takes no interrupt there";
            parts.Add(
                $"{string.Join(" and ", at.Pending)} {(at.Pending.Count == 1 ? "is" : "are")} pending, and {why}"
            );
        }
        else if (at.SwitchedOff.Count > 0)
        {
            var are = at.SwitchedOff.Count == 1 ? "is" : "are";
            parts.Add($"{string.Join(" and ", at.SwitchedOff)} {are} pending, and switched off");
        }
        else if (at.MayStay && all.Any(o => o.WaitsFor.Any(w => w.Setters.Any(s => s.Cpu == at.Cpu))))
        {
            parts.Add("no interrupt is pending, and of its own accord a CPU may stay there for ever (M17)");
        }

        return parts.Count == 0 ? null : string.Join("; ", parts);
    }

    /// <summary>Who holds the lock, where he would give it back, and why he does not get there.</summary>
    private static string Held(RaceWait wait, int holder, RaceStanding waiter, IReadOnlyList<RaceStanding> all)
    {
        var back = wait.Setters.Count == 0 ? null : wait.Setters[0];
        var where = back is null ? "and no step of it gives it back" : $"which gives it back in {back.Path}: "
            + $"{back.Step}";
        var standing = all.FirstOrDefault(s => s.Cpu == holder);
        var why =
            holder == waiter.Cpu ? back is null || back.Path == waiter.Path ? "it waits for itself"
                : $"{waiter.Path} interrupted that, and waits for it"
            : standing is null ? null
            : $"it {Text(standing)}";
        var who = holder == waiter.Cpu ? "by this CPU" : $"by CPU{holder}";
        return $"{wait.Variable} is held {who}, {where}" + (why is null ? "" : $"; {why}");
    }

    private static string Wait(RaceWait wait)
    {
        var who = wait.Setters.Select(Setter).ToList();
        var more = who.Count > MostSetters ? $", or {who.Count - MostSetters} more steps" : "";
        return $"{wait.Variable} is {wait.Value}; "
            + (
                who.Count == 0
                    ? "no step of another CPU ends the wait"
                    : string.Join(", or ", who.Take(MostSetters)) + more
            );
    }

    private static string Setter(RaceSetter setter) =>
        $"CPU{setter.Cpu} would set it in {setter.Path}: {setter.Step}"
        + (setter.LacksInterrupt ? ", but no interrupt is pending there" : "");
}
