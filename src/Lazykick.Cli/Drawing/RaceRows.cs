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
                        "make it coherent: " + string.Join(' ', upkeep.Select(m => m.Keyword)),
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
                    isLast ? race.Property.Violation
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
        || (move.Enters is null && move.IsUpkeep);

    /// <summary>Writes of the victim that no other CPU sees when the race ends: by the index of their issue.</summary>
    private static HashSet<int> StillInFlight(Race race)
    {
        var victim = race.OldText?.Cpu ?? race.Moves[^1].Cpu;
        var issued = new List<int>();
        for (var i = 0; i < race.Moves.Count; i++)
        {
            var move = race.Moves[i];
            if (move.Cpu != victim || move.Access is not (RaceAccess.Store or RaceAccess.Atomic))
                continue;
            if (move.Phase == MovePhase.Issue)
                issued.Add(i);
            else if (move.Phase == MovePhase.Write)
                issued.Remove(issued.FirstOrDefault(n => race.Moves[n].Span == move.Span, -1));
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
            RaceMoveKind.Send => $"send {move.Message} to CPU{move.Target}",
            RaceMoveKind.KickBegins => $"kick {move.Kick}",
            RaceMoveKind.LeaveEqs => $"leave EQS: {move.Step}",
            RaceMoveKind.EnterEqs => $"enter EQS: {move.Step}",
            _ when move.Note is not null && move.Enters is null => $"{move.Step} ({move.Note})",
            _ => move.Step,
        };
        return move.Enters is null ? text : $"{move.Enters}: {text}{(move.Note is null ? "" : $" ({move.Note})")}";
    }

    /// <summary>
    /// For old text: the victim's last synchronisation. It was too early, or the text would not be old.
    /// </summary>
    private static int TooEarly(Race race)
    {
        if (race.OldText is not { } old)
            return -1;
        for (var i = race.Moves.Count - 1; i >= 0; i--)
        {
            if (race.Moves[i].Cpu == old.Cpu && race.Moves[i].Access == RaceAccess.Synchronise)
                return i;
        }

        return -1;
    }

    private static string TooEarlyRemark(Race race) =>
        race.Moves.Any(m => m.Skips == true && m.Target == race.OldText!.Cpu)
            ? "text synchronised: too early, and the kick skips this CPU"
            : "text synchronised: too early";
}
