using Lazykick.Checking.Moves;
using Lazykick.Checking.Verdicts;

namespace Lazykick.Cli.Drawing;

/// <summary>Which moves of a race issue an access, and which of them bring it about, later or never.</summary>
internal sealed class RaceFlights(Race race)
{
    /// <summary>Writes that have not taken place when the race ends, by the index of their issue.</summary>
    public HashSet<int> Unfinished()
    {
        var issued = new List<int>();
        for (var i = 0; i < race.Moves.Count; i++)
        {
            var move = race.Moves[i];
            if (move.Access is not (RaceAccess.Store or RaceAccess.Atomic))
                continue;
            if (move.Phase == MovePhase.Issue)
                issued.Add(i);
            else if (move.Phase == MovePhase.Write)
                issued.Remove(issued.FirstOrDefault(n => IsIssueOf(race.Moves[n], move), -1));
        }

        return [.. issued];
    }

    /// <summary>Writes that become visible only after their CPU, or another one, has done something else.</summary>
    public HashSet<int> Late()
    {
        var late = new HashSet<int>();
        for (var i = 0; i < race.Moves.Count; i++)
        {
            var move = race.Moves[i];
            if (move.Phase != MovePhase.Write || move.Access == RaceAccess.Maintain)
                continue;
            var issue = IssueOf(i);
            if (
                issue >= 0
                && Enumerable.Range(issue + 1, i - issue - 1).Any(n => race.Moves[n].Phase != MovePhase.Read)
            )
            {
                late.Add(i);
            }
        }

        return late;
    }

    /// <summary>
    /// Where an effect was issued: a step that is in flight twice takes effect in the order of issue.
    /// </summary>
    public int IssueOf(int index)
    {
        var effect = race.Moves[index];
        var before = Enumerable
            .Range(0, index)
            .Count(n =>
                race.Moves[n].Phase == effect.Phase
                && race.Moves[n].Cpu == effect.Cpu
                && race.Moves[n].Span == effect.Span
            );
        return Enumerable
            .Range(0, index)
            .Where(n => IsIssueOf(race.Moves[n], effect))
            .Skip(before)
            .FirstOrDefault(-1);
    }

    /// <summary>Whether a move issues what another one brings about.</summary>
    public static bool IsIssueOf(RaceMove issue, RaceMove effect) =>
        issue.Phase == MovePhase.Issue && issue.Cpu == effect.Cpu && issue.Span == effect.Span;
}
