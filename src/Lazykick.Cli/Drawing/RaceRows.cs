using Lazykick.Checking.Compilation;
using Lazykick.Checking.Verdicts;

namespace Lazykick.Cli.Drawing;

/// <summary>Picks the moves of a race that a reader needs and puts them into words.</summary>
internal static class RaceRows
{
    public static IReadOnlyList<RaceRow> Of(Race race)
    {
        var rows = new List<RaceRow>();
        var tooEarly = TooEarly(race);
        var pending = StillInFlight(race);
        for (var i = 0; i < race.Moves.Count; i++)
        {
            var move = race.Moves[i];
            var isLast = i == race.Moves.Count - 1 && race.OldText is null;
            if (pending.Contains(i))
            {
                Add(move, Words(move), "in flight to the end: no other CPU sees it");
                continue;
            }

            // An access shows where it takes place, not where it was issued.
            if (
                move.Phase == MovePhase.Issue
                && !isLast
                && (move.Enters is null || move.Kind == RaceMoveKind.WriteText)
            )
            {
                continue;
            }

            if (move.Kind is RaceMoveKind.WriteText or RaceMoveKind.MaintainText)
            {
                var end = i;
                while (
                    end + 1 < race.Moves.Count
                    && race.Moves[end + 1].Cpu == move.Cpu
                    && IsMaintenance(race.Moves[end + 1])
                )
                {
                    end++;
                }

                var upkeep = race.Moves.Skip(i + 1).Take(end - i).Where(m => m.Phase != MovePhase.Issue).ToList();
                if (move.Kind == RaceMoveKind.WriteText)
                    Add(move, move.Step, null);
                if (move.Kind != RaceMoveKind.WriteText)
                    upkeep.Insert(0, move);
                if (upkeep.Count > 0)
                {
                    Add(
                        upkeep[0],
                        "make it coherent: " + string.Join(' ', upkeep.Select(m => m.Step.Split(' ')[0])),
                        null
                    );
                }

                i = end;
            }
            else if (IsShown(move) || isLast)
            {
                Add(
                    move,
                    Words(move),
                    isLast ? Violation(race.Property)
                        : i == tooEarly ? TooEarlyRemark(race)
                        : null
                );
            }
        }

        if (race.OldText is { } old)
        {
            rows.Add(
                new RaceRow(
                    rows.Count + 1,
                    old.Cpu,
                    $"{(old.Step.Length > 0 ? old.Step : old.Path)}   <<\u00a0STALE:\u00a0old\u00a0instruction",
                    null,
                    old.Span,
                    true
                )
            );
        }

        return rows;

        void Add(RaceMove move, string text, string? remark) =>
            rows.Add(new RaceRow(rows.Count + 1, move.Cpu, text, remark, move.Span, false));
    }

    private static bool IsMaintenance(RaceMove move) =>
        move.Kind == RaceMoveKind.MaintainText
        || (move.Kind == RaceMoveKind.WriteText && move.Phase == MovePhase.Issue)
        || (move.Enters is null && move.Step is "isb" or "dsb" or "smp_wmb");

    /// <summary>Writes of the victim that no other CPU sees when the race ends: by the index of their issue.</summary>
    private static HashSet<int> StillInFlight(Race race)
    {
        var victim = race.OldText?.Cpu ?? race.Moves[^1].Cpu;
        var issued = new List<int>();
        for (var i = 0; i < race.Moves.Count; i++)
        {
            var move = race.Moves[i];
            if (move.Cpu != victim)
                continue;
            if (move.Phase == MovePhase.Issue && move.Step.Contains(":=", StringComparison.Ordinal))
            {
                issued.Add(i);
            }
            else if (move.Phase is MovePhase.Write or MovePhase.Read)
            {
                issued.Remove(
                    issued.FirstOrDefault(
                        n =>
                            race.Moves[n].Span == move.Span
                            && (
                                move.Phase == MovePhase.Write
                                || !race.Moves[n].Step.StartsWith("rmw", StringComparison.Ordinal)
                            ),
                        -1
                    )
                );
            }
        }

        return [.. issued];
    }

    private static bool IsShown(RaceMove move) =>
        move.Enters is not null || move.Kind is not RaceMoveKind.Other || move.ChangesMemory;

    private static string Words(RaceMove move)
    {
        var text = move.Kind switch
        {
            RaceMoveKind.Select => $"policy {move.Note}",
            RaceMoveKind.Discover => $"discover: {move.Note}",
            RaceMoveKind.Send when Receiver(move) is { } cpu =>
                $"{move.Step[..move.Step.LastIndexOf(" to ", StringComparison.Ordinal)]} to CPU{cpu}",
            RaceMoveKind.KickBegins => move.Step.Split(" returns ")[0],
            RaceMoveKind.LeaveEqs => $"leave EQS: {move.Step}",
            RaceMoveKind.EnterEqs => $"enter EQS: {move.Step}",
            _ when move.Note is not null && move.Enters is null => $"{move.Step} ({move.Note})",
            _ => move.Step,
        };
        return move.Enters is null ? text : $"{move.Enters}: {text}{(move.Note is null ? "" : $" ({move.Note})")}";
    }

    /// <summary>The CPU to which an interrupt is sent, if it had none of the kind pending.</summary>
    private static string? Receiver(RaceMove move) =>
        move.Changes.FirstOrDefault(c => c.Name.Contains(" pending[", StringComparison.Ordinal)) is { } change
            ? change.Name[(change.Name.LastIndexOf('[') + 1)..^1]
            : null;

    /// <summary>
    /// For old text: the victim's last synchronisation, if it comes before the maintenance is complete.
    /// </summary>
    private static int TooEarly(Race race)
    {
        if (race.OldText is not { } old)
            return -1;
        for (var i = race.Moves.Count - 1; i >= 0; i--)
        {
            if (race.Moves[i].Cpu == old.Cpu && race.Moves[i].Kind == RaceMoveKind.Synchronise)
                return i;
        }

        return -1;
    }

    private static string TooEarlyRemark(Race race) =>
        race.Moves.Any(m => m.Kind == RaceMoveKind.Select && m.Note == $"skips CPU{race.OldText!.Cpu}")
            ? "text synchronised: too early, and the kick skips this CPU"
            : "text synchronised: too early";

    private static string Violation(string property) =>
        property switch
        {
            "S2" => "a CPU has acted on a value that is older than the kick that has returned",
            "S3" => "written after it was drained, or used after it was freed",
            "S4" => "a message that was pending when the kick began is so still",
            "S9" => "through the old translation, though the kick has returned",
            "S5a" => "sent to a CPU that has been in the EQS since the kick began",
            "S5b" => "too late: the CPU entered the EQS after it was asked about; the interrupt breaks it",
            "S6" => "RCU used in the EQS: too early, the EQS is left only later",
            "S7" => "too late: the register no longer holds the program's value",
            "S8" => "from here the kick cannot return",
            _ => $"violates {property}",
        };
}
