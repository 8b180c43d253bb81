using Lazykick.Checking.Verdicts;

namespace Lazykick.Cli.Drawing;

/// <summary>Picks the moves of a race that a reader needs and puts them into words.</summary>
internal static class RaceRows
{
    public static IReadOnlyList<RaceRow> Of(Race race)
    {
        var rows = new List<RaceRow>();
        var tooEarly = TooEarly(race);
        for (var i = 0; i < race.Moves.Count; i++)
        {
            var move = race.Moves[i];
            var isLast = i == race.Moves.Count - 1 && race.OldText is null;
            if (move.Kind is RaceMoveKind.WriteText or RaceMoveKind.MaintainText)
            {
                var end = i;
                while (end + 1 < race.Moves.Count && race.Moves[end + 1].Cpu == move.Cpu && IsMaintenance(race.Moves[end + 1]))
                    end++;
                if (move.Kind == RaceMoveKind.WriteText)
                    Add(move, move.Step, null);
                if (end > i)
                    Add(race.Moves[i + 1], "make it coherent: " + string.Join(' ', race.Moves.Skip(i + 1).Take(end - i).Select(m => m.Step.Split(' ')[0])), null);
                i = end;
            }
            else if (IsShown(move) || isLast)
            {
                Add(move, Words(move), isLast ? Violation(race.Property) : i == tooEarly ? TooEarlyRemark(race) : null);
            }
        }

        if (race.OldText is { } old)
            rows.Add(new RaceRow(rows.Count + 1, old.Cpu, $"{(old.Step.Length > 0 ? old.Step : old.Path)}   << STALE: old instruction", null, old.Span, true));
        return rows;

        void Add(RaceMove move, string text, string? remark)
            => rows.Add(new RaceRow(rows.Count + 1, move.Cpu, text, remark, move.Span, false));
    }

    private static bool IsMaintenance(RaceMove move)
        => move.Kind == RaceMoveKind.MaintainText || (move.Enters is null && move.Step is "isb" or "dsb" or "smp_wmb");

    private static bool IsShown(RaceMove move)
        => move.Enters is not null || move.Kind is not RaceMoveKind.Other || move.ChangesMemory;

    private static string Words(RaceMove move)
    {
        var text = move.Kind switch
        {
            RaceMoveKind.Select => $"policy {move.Note}",
            RaceMoveKind.Discover => $"discover: {move.Note}",
            RaceMoveKind.KickBegins => move.Step.Split(" returns ")[0],
            RaceMoveKind.LeaveEqs => $"leave EQS: {move.Step}",
            RaceMoveKind.EnterEqs => $"enter EQS: {move.Step}",
            _ when move.Note is not null && move.Enters is null => $"{move.Step} ({move.Note})",
            _ => move.Step,
        };
        return move.Enters is null ? text : $"{move.Enters}: {text}{(move.Note is null ? "" : $" ({move.Note})")}";
    }

    /// <summary>For old text: the victim's last synchronisation, if it comes before the maintenance is complete.</summary>
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

    private static string TooEarlyRemark(Race race)
        => race.Moves.Any(m => m.Kind == RaceMoveKind.Select && m.Note == $"skips CPU{race.OldText!.Cpu}")
            ? "text synchronised: too early, and the kick skips this CPU"
            : "text synchronised: too early";

    private static string Violation(string property) => property switch
    {
        "S5a" => "sent to a CPU that has been in the EQS since the kick began",
        "S5b" => "too late: the CPU entered the EQS after it was asked about; the interrupt breaks it",
        "S6" => "RCU used in the EQS: too early, the EQS is left only later",
        "S7" => "too late: the register no longer holds the program's value",
        "S8" => "from here the kick cannot return",
        _ => $"violates {property}",
    };
}
