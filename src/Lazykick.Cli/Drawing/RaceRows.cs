using Lazykick.Checking.Moves;
using Lazykick.Checking.Properties;
using Lazykick.Checking.Verdicts;

namespace Lazykick.Cli.Drawing;

/// <summary>Picks the moves of a race that a reader needs and puts them into words.</summary>
internal sealed class RaceRows
{
    private readonly Race _race;
    private readonly RaceFlights _flights;
    private readonly bool _allMoves;
    private readonly List<RaceRow> _rows = [];
    private readonly int _tooEarly;
    private readonly HashSet<int> _unfinished;
    private readonly HashSet<int> _pending;
    private readonly HashSet<int> _late;
    private readonly HashSet<int> _needed;
    private readonly HashSet<int> _told;
    private readonly HashSet<int> _issuedEarly;
    private readonly Dictionary<int, int> _numbers = [];
    private readonly int _oldRead;
    private int _doneAtOnce = -1;

    private RaceRows(Race race, bool allMoves)
    {
        (_race, _allMoves) = (race, allMoves);
        _flights = new RaceFlights(race);
        _tooEarly = TooEarly(race);
        _needed = Needed(race);
        _unfinished = _flights.Unfinished();
        _pending = [.. _unfinished.Where(IsMissed)];
        _late = _flights.Late();
        _late.RemoveWhere(i => !IsShown(i) || !Between(_flights.IssueOf(i), i).Any(IsShown));
        _issuedEarly = [.. _late.Select(_flights.IssueOf)];
        _late.UnionWith(LateReads());
        _oldRead = OldRead();
        _told = [.. _late.Where(i => _race.Moves[i].Phase == MovePhase.Read).Select(i => _flights.IssueOf(i))];
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
                Add(i, EveryWord(move), IsLast(i) ? Violation(move) : null);
            else if (_pending.Contains(i) && !RaceFlights.IsIssueOf(move, _race.Moves[^1]))
                Add(i, Words(i), InFlightToTheEnd(move));
            else if (EntersUnseen(i))
                Add(i, Words(i), "issued, and not yet seen by others: to itself the CPU is in the EQS");
            else if (_told.Contains(i))
                Add(i, Asks(move), "issued; the read is still to come");
            else if (_issuedEarly.Contains(i))
                Add(i, Words(i), null);
            else if (IsDoneAtOnce(i))
                _doneAtOnce = i;
            else if (IsIssueOnly(i) || IsReadHalf(i))
                continue;
            else if (move.Kind is RaceMoveKind.WriteText or RaceMoveKind.MaintainText)
                i = Upkeep(i);
            else if (IsShown(i))
                Add(i, Words(i), Remark(i));
            if (i == _oldRead)
                _numbers[i] = _rows.Count;
        }

        if (_race.OldText is { } old)
        {
            var where = old.Step.Length > 0 ? old.Step : old.Path;
            var text = $"{where}   <<\u00a0STALE:\u00a0old\u00a0instruction";
            _rows.Add(new RaceRow(_rows.Count + 1, old.Cpu, text, null, old.Span, true, null));
        }
        else if (_race.Property is S8Return)
        {
            foreach (var at in _race.Standing)
            {
                var remark = StuckWords.Remark(at, _race.Standing);
                _rows.Add(new RaceRow(_rows.Count + 1, at.Cpu, StuckWords.Text(at), remark, at.Span, false, null));
            }
        }
    }

    private void Add(int index, string text, string? remark)
    {
        var move = _race.Moves[index];
        _rows.Add(new(_rows.Count + 1, move.Cpu, text, remark, move.Span, false, index) { Kernel = move.Kernel });
    }

    private string InFlightToTheEnd(RaceMove move) =>
        "in flight to the end: no other CPU sees it"
        + (
            !move.TellsEqs ? ""
            : _race.Eqs[^1][move.Cpu] ? $", and CPU{move.Cpu} still counts as in the EQS"
            : $", and CPU{move.Cpu} still counts as outside the EQS"
        );

    private bool IsShown(int index) => _needed.Contains(index) || IsLast(index);

    /// <summary>
    /// For S2, where the race ends with another access: the read that has returned the old value, which comes after
    /// that access in program order; or -1.
    /// </summary>
    private int OldRead()
    {
        if (_race.Property is not S2Data || _race.Moves[^1].Phase is not (MovePhase.Read or MovePhase.Write))
            return -1;
        var (last, issue) = (_race.Moves[^1], _flights.IssueOf(_race.Moves.Count - 1));
        return Enumerable
            .Range(0, _race.Moves.Count)
            .LastOrDefault(
                i =>
                    i > issue
                    && _race.Moves[i] is { Kind: RaceMoveKind.Obligation, Access: RaceAccess.Load } move
                    && move.Cpu == last.Cpu
                    && move.Phase != MovePhase.Issue,
                -1
            );
    }

    private bool IsLast(int index) => index == _race.Moves.Count - 1 && _race.OldText is null;

    /// <summary>
    /// An access shows where it takes place, not where it was issued; unless it takes place much later.
    /// </summary>
    private bool IsIssueOnly(int index)
    {
        var move = _race.Moves[index];
        return move.Phase == MovePhase.Issue
            && !IsLast(index)
            && (move.Enters is null || move.Kind == RaceMoveKind.WriteText);
    }

    /// <summary>The first step of a path, whose access follows at once: one row, where that takes place.</summary>
    private bool IsDoneAtOnce(int index)
    {
        var move = _race.Moves[index];
        var next = index + 1;
        while (next < _race.Moves.Count && IsReadHalf(next) && RaceFlights.IsIssueOf(move, _race.Moves[next]))
            next++;
        return move is { Phase: MovePhase.Issue, Enters: not null }
            && move.Kind != RaceMoveKind.WriteText
            && next < _race.Moves.Count
            && RaceFlights.IsIssueOf(move, _race.Moves[next]);
    }

    /// <summary>The read of an atomic is told with its write, or with what is said of that.</summary>
    private bool IsReadHalf(int index)
    {
        var move = _race.Moves[index];
        return move is { Access: RaceAccess.Atomic, Phase: MovePhase.Read }
            && !IsLast(index)
            && (
                _unfinished.Any(p => p < index && RaceFlights.IsIssueOf(_race.Moves[p], move))
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
        while (
            end + 1 < _race.Moves.Count && _race.Moves[end + 1].Cpu == move.Cpu && IsMaintenance(_race.Moves[end + 1])
        )
        {
            end++;
        }

        var upkeep = Enumerable
            .Range(index + 1, end - index)
            .Where(i => _race.Moves[i].Phase != MovePhase.Issue)
            .ToList();
        if (move.Kind == RaceMoveKind.WriteText)
            Add(index, move.Step, null);
        else
            upkeep.Insert(0, index);
        if (upkeep.Count > 0)
        {
            var words = "make it coherent: " + string.Join(' ', upkeep.Select(i => _race.Moves[i].Keyword));
            var kernel = upkeep.Select(i => _race.Moves[i].Kernel).FirstOrDefault(k => k is not null);
            var span = _race.Moves[upkeep[0]].Span;
            _rows.Add(new(_rows.Count + 1, move.Cpu, words, null, span, false, upkeep[0]) { Kernel = kernel });
        }

        return end;
    }

    private static bool IsMaintenance(RaceMove move) =>
        move.Kind == RaceMoveKind.MaintainText
        || (move.Kind == RaceMoveKind.WriteText && move.Phase == MovePhase.Issue)
        || (move.Enters is null && move.IsUpkeep);

    /// <summary>
    /// It matters that a write is in flight to the end: a move of another CPU that is told uses the variable later.
    /// </summary>
    private bool IsMissed(int issue) =>
        _race.Moves[issue] is { Variable: { } variable, Cpu: var cpu }
        && _needed.Any(i => i > issue && _race.Moves[i].Variable == variable && _race.Moves[i].Cpu != cpu);

    /// <summary>Reads that take place only after their CPU has gone on with something that is told.</summary>
    private IEnumerable<int> LateReads() =>
        from i in Enumerable.Range(0, _race.Moves.Count)
        let move = _race.Moves[i]
        where move is { Phase: MovePhase.Read, Access: RaceAccess.Load } && _needed.Contains(i)
        let issue = _flights.IssueOf(i)
        where issue >= 0
        where Between(issue, i).Any(n => _needed.Contains(n) && _race.Moves[n].Cpu == move.Cpu)
        select i;

    private static IEnumerable<int> Between(int first, int last) => Enumerable.Range(first + 1, last - first - 1);

    private bool HasLateEffect(int issue) => _late.Any(i => i > issue && _flights.IssueOf(i) == issue);

    /// <summary>
    /// Moves that a reader needs: entries, what the race turns on, changes that other CPUs see, and accesses to
    /// variables that a move of another CPU which is told uses, or by which a policy finds its answer.
    /// </summary>
    private static HashSet<int> Needed(Race race)
    {
        var policies = race.Moves.Select(m => m.Policy).ToHashSet();
        var needed = Enumerable
            .Range(0, race.Moves.Count)
            .Where(i =>
                IsTold(race, race.Moves[i])
                || (race.Moves[i] is { Variable: not null, Calls: [.., var inner] } && policies.Contains(inner))
            )
            .ToHashSet();
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
        return IsLast(index) ? Violation(move)
            : index == _tooEarly ? TooEarlyRemark(_race)
            : move.IsSilentDoor && move.Cpu == _race.OldText?.Cpu ? "synchronises nothing"
            : null;
    }

    private string Violation(RaceMove move) =>
        move.Reproach is { Length: > 0 } said ? said
        : _numbers.TryGetValue(_oldRead, out var row)
            ? $"only now, after the return: the read of {row} comes after this access in program order, so that "
                + $"{_race.Property.Violation}"
        : _race.Property is S5bArrivals && TooLate(move.Cpu) is { } what
            ? $"too late: the CPU entered the EQS after {what}; {_race.Property.Violation}"
        : _race.Property.Violation;

    /// <summary>
    /// After what the CPU has entered the EQS: a policy's answer that it had to be interrupted, or, without a policy,
    /// the interrupt.
    /// </summary>
    private string? TooLate(int cpu)
    {
        var moves = Enumerable.Range(0, _race.Moves.Count).Where(i => _race.Moves[i].Target == cpu);
        var asked = moves.FirstOrDefault(i => _race.Moves[i].Skips == false, -1);
        var sent = moves.FirstOrDefault(i => _race.Moves[i].Kind == RaceMoveKind.Send, -1);
        return
            asked >= 0 ? (IsEnteredAfter(asked) ? "it was asked about" : null)
            : sent >= 0 && IsEnteredAfter(sent) ? "the interrupt was sent"
            : null;

        bool IsEnteredAfter(int index) =>
            Enumerable
                .Range(index, _race.Moves.Count - index)
                .Any(i =>
                    EntersUnseen(i)
                    || (_race.Moves[i].Cpu == cpu && _race.Moves[i].Kind == RaceMoveKind.EnterEqs)
                );
    }

    /// <summary>
    /// For S5b, which asks the interrupted CPU's own view: the write that is still in flight when the interrupt comes,
    /// and by which the CPU has entered the EQS.
    /// </summary>
    private bool EntersUnseen(int index) =>
        _race.Property is S5bArrivals
        && _unfinished.Contains(index)
        && _race.Moves[index] is { TellsEqs: true } move
        && move.Cpu == _race.Moves[^1].Cpu
        && !_race.Eqs[^1][move.Cpu];

    private string Words(int index)
    {
        var move = _race.Moves[index];
        var text = Words(move);
        if (_doneAtOnce >= 0 && RaceFlights.IsIssueOf(_race.Moves[_doneAtOnce], move))
        {
            text = $"{_race.Moves[_doneAtOnce].Enters}: {text}";
            _doneAtOnce = -1;
            return text;
        }

        return move.Phase == MovePhase.Issue && HasLateEffect(index) ? $"{text}: issued"
            : _late.Contains(index) && move.Phase != MovePhase.Read ? $"{text}: takes effect (of {move.Path})"
            : text + Reading(move, _late.Contains(index));
    }

    /// <summary>What a read finds; the variable with its CPU, which the scheme's words leave open.</summary>
    private static string Reading(RaceMove move, bool isLate) =>
        (move.ReadValue, isLate) switch
        {
            (null, true) => ": reads only now",
            (null, false) => "",
            ({ } value, true) => $": reads {move.Variable}\u00a0=\u00a0{value} only now",
            ({ } value, false) => $": reads {move.Variable}\u00a0=\u00a0{value}",
        };

    /// <summary>A read at its issue: what it will find is not known.</summary>
    private static string Asks(RaceMove move) =>
        (move.Enters is null ? "" : $"{move.Enters}: ")
        + (move.Kind == RaceMoveKind.Select ? $"policy asks about CPU{move.Target}" : string.Join("; ", move.Parts));

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
            _ when move.IsChoice => $"either: {move.Note}",
            _ when move.Asserted is { } condition => $"assert {condition}",
            _ when move.Note is not null && move.Enters is null => $"{step} ({move.Note})",
            _ => step,
        };
        return move.Enters is null ? text
            : move.IsChoice || move.Kind == RaceMoveKind.Select || move.Note is null ? $"{move.Enters}: {text}"
            : $"{move.Enters}: {text} ({move.Note})";
    }

    /// <summary>A move where all are told: issue and effect apart.</summary>
    private static string EveryWord(RaceMove move) =>
        move.Phase switch
        {
            MovePhase.Issue => $"{Words(move)}: issued",
            MovePhase.Read when move.ReadValue is { } value =>
                $"{Words(move)}: reads {move.Variable}\u00a0=\u00a0{value} (of {move.Path})",
            MovePhase.Read => $"{Words(move)}: reads (of {move.Path})",
            MovePhase.Write => $"{Words(move)}: takes effect (of {move.Path})",
            _ => Words(move) + Reading(move, false),
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
