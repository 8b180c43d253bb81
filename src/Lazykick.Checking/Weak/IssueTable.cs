using Lazykick.Checking.Exploration;
using Lazykick.Checking.Machines;
using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Weak;

/// <summary>
/// A move at issue, for one guess of the value that it will read: what it writes to private fields at once, and what
/// its write will be.
/// </summary>
internal sealed class IssueTable<T> : Table<T>
    where T : unmanaged, IPacked<T>
{
    private const int Disabled = 1;
    private const int First = 2;

    private readonly Move _move;
    private readonly Field? _variable;
    private readonly Field? _outcome;
    private readonly int _guess;
    private readonly IReadOnlySet<Field> _deferred;
    private readonly List<Field> _written;
    private readonly T _writtenMask;
    private readonly List<(T Result, Issued Issued)> _entries = [];

    /// <summary>A table.</summary>
    /// <param name="layout">Where the fields are.</param>
    /// <param name="move">The move.</param>
    /// <param name="access">What it is to the memory machine.</param>
    /// <param name="guess">The value that it will read.</param>
    /// <param name="deferred">Fields that change when the access takes place, not at issue.</param>
    /// <param name="outcome">The variable that says whether a compare-and-swap succeeds; null for everything
    /// else.</param>
    public IssueTable(Layout layout, Move move, Access access, int guess, IReadOnlySet<Field> deferred, Field? outcome)
        : base(layout, Inputs(move, access, deferred))
    {
        _move = move;
        _variable = access.Variable;
        _outcome = outcome;
        _guess = guess;
        _deferred = deferred;
        _written =
        [
            .. move.Effects.Select(e => e.Field).Distinct().Where(f => f != access.Variable && !deferred.Contains(f)),
        ];
        var words = new ulong[layout.Words];
        foreach (var field in _written)
            words[field.Word] |= field.Mask;
        _writtenMask = T.From(words);
    }

    /// <summary>Issues the move if it can be issued with this guess.</summary>
    public bool TryIssue(in T state, out T next, out Issued issued)
    {
        var entry = Lookup(state);
        if (entry == Disabled)
        {
            next = default;
            issued = default;
            return false;
        }

        (var result, issued) = _entries[entry - First];
        next = T.Replace(state, _writtenMask, result);
        return true;
    }

    protected override int Compute(int[] fields)
    {
        if (_variable is not null)
            fields[_variable.Id] = _guess;
        if (_move.Guard is not null && _move.Guard.Of(fields) == 0)
            return Disabled;
        uint violations = 0;
        foreach (var check in _move.Checks.Where(c => c.Phase == MovePhase.Whole))
        {
            if (check.Violated.Of(fields) != 0)
                violations |= 1u << check.Property;
        }

        var words = new ulong[Layout.Words];
        foreach (var (field, value) in _move.Effects.Where(e => !_deferred.Contains(e.Field)))
        {
            var result = value.Of(fields);
            if (result < field.Low || result > field.High)
            {
                return Add(
                    default,
                    new Issued { Overflow = new OutOfRangeException(_move.Instruction, field, result) }
                );
            }

            fields[field.Id] = result;
        }

        foreach (var field in _written)
            field.Write(words, fields[field.Id]);
        return Add(
            T.From(words),
            new Issued
            {
                Written = _variable is null ? 0 : fields[_variable.Id],
                Violations = violations,
                Fails = _outcome is not null && fields[_outcome.Id] == 0,
            }
        );
    }

    private int Add(T result, Issued issued)
    {
        _entries.Add((result, issued));
        return First + _entries.Count - 1;
    }

    private static HashSet<Field> Inputs(Move move, Access access, IReadOnlySet<Field> deferred)
    {
        var fields = new HashSet<Field>();
        move.Guard?.AddFields(fields);
        foreach (var check in move.Checks.Where(c => c.Phase == MovePhase.Whole))
            check.Violated.AddFields(fields);
        foreach (var (_, value) in move.Effects.Where(e => !deferred.Contains(e.Field)))
            value.AddFields(fields);
        if (access.Variable is not null)
            fields.Remove(access.Variable);
        return fields;
    }
}

/// <summary>What an issue leads to.</summary>
internal readonly record struct Issued
{
    /// <summary>The value that the write will make visible.</summary>
    public int Written { get; init; }

    /// <summary>A bit for each property that the move violates.</summary>
    public uint Violations { get; init; }

    /// <summary>A compare-and-swap that will find something else.</summary>
    public bool Fails { get; init; }

    /// <summary>With what it reads a value would leave its range.</summary>
    public OutOfRangeException? Overflow { get; init; }
}
