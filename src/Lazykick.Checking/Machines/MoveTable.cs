using System.Runtime.CompilerServices;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Machines;

/// <summary>
/// A move as a table: for each value of the fields that it reads, whether it can be made, what it writes and what it
/// violates.
/// </summary>
internal sealed class MoveTable<T> : Table<T>
    where T : unmanaged, IPacked<T>
{
    private const int Disabled = 1;
    private const int First = 2;

    private readonly List<Field> _written;
    private readonly T _writtenMask;
    private T[] _results = new T[4];
    private uint[] _violations = new uint[4];
    private int _count;

    public MoveTable(Layout layout, Move move)
        : base(layout, move.ReadFields())
    {
        Move = move;
        _written = [.. move.Effects.Select(e => e.Field).Distinct()];
        var words = new ulong[layout.Words];
        foreach (var field in _written)
            words[field.Word] |= field.Mask;
        _writtenMask = T.From(words);
    }

    public Move Move { get; }

    /// <summary>Makes the move if it can be made.</summary>
    /// <param name="state">Before.</param>
    /// <param name="next">After.</param>
    /// <param name="violations">A bit for each property that the move violates.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryMake(in T state, out T next, out uint violations)
    {
        var entry = Lookup(state);
        if (entry == Disabled)
        {
            next = default;
            violations = 0;
            return false;
        }

        next = T.Replace(state, _writtenMask, _results[entry - First]);
        violations = _violations[entry - First];
        return true;
    }

    protected override int Compute(int[] fields)
    {
        if (Move.Guard is not null && Move.Guard.Of(fields) == 0)
            return Disabled;
        uint violations = 0;
        foreach (var check in Move.Checks)
        {
            if (check.Violated.Of(fields) != 0)
                violations |= 1u << check.Property;
        }

        foreach (var (field, value) in Move.Effects)
        {
            var result = value.Of(fields);
            if (result < field.Low || result > field.High)
                throw new OutOfRangeException(Move.Instruction, field, result);
            fields[field.Id] = result;
        }

        var words = new ulong[Layout.Words];
        foreach (var field in _written)
            field.Write(words, fields[field.Id]);
        if (_count == _results.Length)
        {
            Array.Resize(ref _results, _count * 2);
            Array.Resize(ref _violations, _count * 2);
        }

        _results[_count] = T.From(words);
        _violations[_count] = violations;
        return First + _count++;
    }
}
