using Lazykick.Checking.Compilation;
using Lazykick.Checking.Exploration;

namespace Lazykick.Checking.Weak;

/// <summary>A windowed move at issue, for one guess of the value that it will read: what it writes to private fields at once, and what its write will be.</summary>
internal sealed class IssueTable<T> : Table<T>
    where T : unmanaged, IPacked<T>
{
    private const int Disabled = 1;
    private const int First = 2;

    private readonly Move _move;
    private readonly Field? _variable;
    private readonly int _guess;
    private readonly List<Field> _written;
    private readonly T _writtenMask;
    private readonly List<(T Result, int Written, uint Violations)> _entries = [];

    public IssueTable(Layout layout, Move move, Access access, int guess, HashSet<Field> deferred)
        : base(layout, Inputs(move, access, deferred))
    {
        _move = move;
        _variable = access.Variable;
        _guess = guess;
        _written = [.. move.Effects.Select(e => e.Field).Distinct().Where(f => f != access.Variable && !deferred.Contains(f))];
        var words = new ulong[layout.Words];
        foreach (var field in _written)
            words[field.Word] |= field.Mask;
        _writtenMask = T.From(words);
        Deferred = deferred;
    }

    private HashSet<Field> Deferred { get; }

    /// <summary>Issues the move if it can be issued with this guess.</summary>
    public bool TryIssue(in T state, out T next, out int written, out uint violations)
    {
        var entry = Lookup(state);
        if (entry == Disabled)
        {
            next = default;
            written = 0;
            violations = 0;
            return false;
        }

        var (result, value, violated) = _entries[entry - First];
        next = T.Replace(state, _writtenMask, result);
        written = value;
        violations = violated;
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

        foreach (var (field, value) in _move.Effects.Where(e => !Deferred.Contains(e.Field)))
        {
            var result = value.Of(fields);
            if (result < field.Low || result > field.High)
                throw new OutOfRangeException(_move.Instruction, field, result);
            fields[field.Id] = result;
        }

        var words = new ulong[Layout.Words];
        foreach (var field in _written)
            field.Write(words, fields[field.Id]);
        _entries.Add((T.From(words), _variable is null ? 0 : fields[_variable.Id], violations));
        return First + _entries.Count - 1;
    }

    private static HashSet<Field> Inputs(Move move, Access access, HashSet<Field> deferred)
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
