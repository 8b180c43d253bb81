using Lazykick.Checking.Moves;
using Lazykick.Checking.Verdicts;

namespace Lazykick.Cli.Drawing;

/// <summary>Picks the moves of a race that a reader needs and puts them into words.</summary>
internal sealed class RaceRows
{
    private readonly Race _race;
    private readonly bool _allMoves;
    private readonly List<RaceRow> _rows = [];
    private readonly int _tooEarly;
    private readonly HashSet<int> _pending;
    private readonly HashSet<int> _late;
    private readonly HashSet<int> _needed;

    private RaceRows(Race race, bool allMoves)
    {
        (_race, _allMoves) = (race, allMoves);
        _tooEarly = TooEarly(race);
        _pending = StillInFlight(race);
        _late = Late(race);
        _needed = Needed(race);
    }

    /// <summary>The rows of a race.</summary>
    /// <param name="race">The race.</param>
    /// <param name="allMoves">Every move, not only those that a reader needs.</param>
    public static IReadOnlyList<RaceRow> Of(Race race, bool allMoves = false)
    {
        var rows = new RaceRows(race, allMoves);
        rows.Build();
        return rows._rows;
    }

    private void Build()
    {
        for (var i = 0; i < _race.Moves.Count; i++)
        {
            var move = _race.Moves[i];
            if (_allMoves)
                Add(move, EveryWord(move), IsLast(i) ? _race.Property.Violation : null);
            else if (_pending.Contains(i))
                Add(move, Words(i), "in flight to the end: no other CPU sees it");
            else if (IsIssueOnly(i) || IsReadHalf(i))
                continue;
            else if (move.Kind is RaceMoveKind.WriteText or RaceMoveKind.MaintainText)
                i = Upkeep(i);
            else if (_needed.Contains(i) || IsLast(i))
                Add(move, Words(i), Remark(i));
        }

        if (_race.OldText is { } old)
        {
            var where = old.Step.Length > 0 ? old.Step : old.Path;
            var text = $"{where}   <<\u00a0STALE:\u00a0old\u00a0instruction";
            _rows.Add(new RaceRow(_rows.Count + 1, old.Cpu, text, null, old.Span, true));
        }
        else if (_race.Property.Id == "S8")
        {
            foreach (var at in _race.Standing)
            {
                var text = at.Step.Length > 0 ? $"stands at: {at.Step}" : $"stands at {at.Path}, and need not leave";
                _rows.Add(new RaceRow(_rows.Count + 1, at.Cpu, text, null, at.Span, false));
            }
        }
    }

    private void Add(RaceMove move, string text, string? remark) =>
        _rows.Add(new RaceRow(_rows.Count + 1, move.Cpu, text, remark, move.Span, false));

    private bool IsLast(int index) => index == _race.Moves.Count - 1 && _race.OldText is null;

    /// <summary>An access shows where it takes place, not where it was issued; unless it takes place much later.</summary>
    private bool IsIssueOnly(int index)
    {
        var move = _race.Moves[index];
        return move.Phase == MovePhase.Issue
            && !IsLast(index)
            && (move.Enters is null || move.Kind == RaceMoveKind.WriteText);
    }

    /// <summary>The read of an atomic is told with its write, or with what is said of that.</summary>
    private bool IsReadHalf(int index)
    {
        var move = _race.Moves[index];
        return move is { Access: RaceAccess.Atomic, Phase: MovePhase.Read }
            && !IsLast(index)
            && (
                _pending.Any(p => p < index && IsIssueOf(_race.Moves[p], move))
                || _race
                    .Moves.Skip(index + 1)
                    .Any(m => m.Phase == MovePhase.Write && m.Cpu == move.Cpu && m.Span == move.Span)
            );
    }

    /// <summary>Text is written, and what follows at once makes that coherent: one row for each.</summary>
    /// <returns>The last move that is told.</returns>
    private int Upkeep(int index)
    {
        var move = _race.Moves[index];
        var end = index;
        while (end + 1 < _race.Moves.Count && _race.Moves[end + 1].Cpu == move.Cpu && IsMaintenance(_race.Moves[end + 1]))
            end++;

        var upkeep = _race.Moves.Skip(index + 1).Take(end - index).Where(m => m.Phase != MovePhase.Issue).ToList();
        if (move.Kind == RaceMoveKind.WriteText)
            Add(move, move.Step, null);
        else
            upkeep.Insert(0, move);
        if (upkeep.Count > 0)
            Add(upkeep[0], "make it coherent: " + string.Join(' ', upkeep.Select(m => m.Keyword)), null);
        return end;
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

    /// <summary>Writes that become visible only after their CPU, or another one, has done something else.</summary>
    private static HashSet<int> Late(Race race)
    {
        var late = new HashSet<int>();
        for (var i = 0; i < race.Moves.Count; i++)
        {
            var move = race.Moves[i];
            if (move.Phase != MovePhase.Write || move.Access == RaceAccess.Maintain)
                continue;
            var issue = Enumerable.Range(0, i).LastOrDefault(n => IsIssueOf(race.Moves[n], move), -1);
            if (issue >= 0 && Enumerable.Range(issue + 1, i - issue - 1).Any(n => race.Moves[n].Phase != MovePhase.Read))
                late.Add(i);
        }

        return late;
    }

    private static bool IsIssueOf(RaceMove issue, RaceMove effect) =>
        issue.Phase == MovePhase.Issue && issue.Cpu == effect.Cpu && issue.Span == effect.Span;

    /// <summary>
    /// Moves that a reader needs: entries, what the race turns on, changes that other CPUs see, and accesses to
    /// variables that a move of another CPU which is told uses.
    /// </summary>
    private static HashSet<int> Needed(Race race)
    {
        var needed = Enumerable.Range(0, race.Moves.Count).Where(i => IsTold(race, race.Moves[i])).ToHashSet();
        var used = needed
            .Where(i => race.Moves[i].Variable is not null)
            .Select(i => (race.Moves[i].Variable, race.Moves[i].Cpu))
            .ToHashSet();
        for (var i = 0; i < race.Moves.Count; i++)
        {
            var move = race.Moves[i];
            if (move.Variable is not null && used.Any(u => u.Variable == move.Variable && u.Cpu != move.Cpu))
                needed.Add(i);
        }

        return needed;
    }

    private static bool IsTold(Race race, RaceMove move) =>
        move.Enters is not null
        || move.ChangesMemory
        || move.Kind is not (RaceMoveKind.Other or RaceMoveKind.Decide)
        || (move.FailsToSynchronise && move.Cpu == race.OldText?.Cpu);

    private string? Remark(int index)
    {
        var move = _race.Moves[index];
        return IsLast(index) ? _race.Property.Violation
            : index == _tooEarly ? TooEarlyRemark(_race)
            : move.FailsToSynchronise && move.Enters is null && move.Cpu == _race.OldText?.Cpu ? "synchronises nothing"
            : null;
    }

    private string Words(int index)
    {
        var move = _race.Moves[index];
        var text = Words(move);
        return _late.Contains(index) ? $"{text}: takes effect (of {move.Path})" : text;
    }

    private static string Words(RaceMove move)
    {
        var step = string.Join("; ", move.Parts);
        var text = move.Kind switch
        {
            RaceMoveKind.Select => $"policy {move.Note}",
            RaceMoveKind.Discover => $"discover: {move.Note}",
            RaceMoveKind.Send => $"send {move.Message} to CPU{move.Target}",
            RaceMoveKind.KickBegins => $"kick {move.Kick}",
            RaceMoveKind.LeaveEqs => $"leave EQS: {step}",
            RaceMoveKind.EnterEqs => $"enter EQS: {step}",
            _ when move.Note is not null && move.Enters is null => $"{step} ({move.Note})",
            _ => step,
        };
        return move.Enters is null ? text : $"{move.Enters}: {text}{(move.Note is null ? "" : $" ({move.Note})")}";
    }

    /// <summary>A move where all are told: issue and effect apart.</summary>
    private static string EveryWord(RaceMove move) =>
        move.Phase switch
        {
            MovePhase.Issue => $"{Words(move)}: issued",
            MovePhase.Read => $"{Words(move)}: reads (of {move.Path})",
            MovePhase.Write => $"{Words(move)}: takes effect (of {move.Path})",
            _ => Words(move),
        };

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
