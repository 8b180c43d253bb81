namespace Lazykick.Checking.Tests.Axiomatic.Relations;

/// <summary>
/// A relation over at most 128 effects, a row of bits each, with the operations that models in the cat language are
/// written in. No operation changes its operands.
/// </summary>
internal sealed class Relation(int size)
{
    private readonly UInt128[] _rows = new UInt128[size];

    internal bool this[int from, int to] => (_rows[from] >> to & 1) != 0;

    internal bool IsEmpty => Array.TrueForAll(_rows, row => row == 0);

    internal bool IsIrreflexive
    {
        get
        {
            for (var i = 0; i < _rows.Length; i++)
            {
                if (this[i, i])
                    return false;
            }

            return true;
        }
    }

    /// <summary>What something leads to.</summary>
    internal EventSet Range
    {
        get
        {
            UInt128 range = 0;
            foreach (var row in _rows)
                range |= row;
            return new EventSet(range);
        }
    }

    /// <summary>What leads to something.</summary>
    internal EventSet Domain => Inverse().Range;

    internal static Relation Where(int size, Func<int, int, bool> holds)
    {
        var relation = new Relation(size);
        for (var from = 0; from < size; from++)
        {
            for (var to = 0; to < size; to++)
            {
                if (holds(from, to))
                    relation.Add(from, to);
            }
        }

        return relation;
    }

    internal void Add(int from, int to) => _rows[from] |= UInt128.One << to;

    public static Relation operator |(Relation left, Relation right)
    {
        var both = new Relation(left._rows.Length);
        for (var i = 0; i < both._rows.Length; i++)
            both._rows[i] = left._rows[i] | right._rows[i];
        return both;
    }

    public static Relation operator &(Relation left, Relation right)
    {
        var both = new Relation(left._rows.Length);
        for (var i = 0; i < both._rows.Length; i++)
            both._rows[i] = left._rows[i] & right._rows[i];
        return both;
    }

    public static Relation operator -(Relation left, Relation right)
    {
        var rest = new Relation(left._rows.Length);
        for (var i = 0; i < rest._rows.Length; i++)
            rest._rows[i] = left._rows[i] & ~right._rows[i];
        return rest;
    }

    /// <summary><c>[set]; r</c></summary>
    internal Relation From(EventSet set)
    {
        var part = new Relation(_rows.Length);
        for (var i = 0; i < _rows.Length; i++)
            part._rows[i] = set[i] ? _rows[i] : 0;
        return part;
    }

    /// <summary><c>r; [set]</c></summary>
    internal Relation To(EventSet set)
    {
        var part = new Relation(_rows.Length);
        for (var i = 0; i < _rows.Length; i++)
            part._rows[i] = _rows[i] & set.Bits;
        return part;
    }

    /// <summary><c>r; next</c></summary>
    internal Relation Then(Relation next)
    {
        var joined = new Relation(_rows.Length);
        for (var from = 0; from < _rows.Length; from++)
        {
            for (var rest = _rows[from]; rest != 0; rest &= rest - 1)
                joined._rows[from] |= next._rows[(int)UInt128.TrailingZeroCount(rest)];
        }

        return joined;
    }

    /// <summary><c>r^-1</c></summary>
    internal Relation Inverse()
    {
        var inverse = new Relation(_rows.Length);
        for (var from = 0; from < _rows.Length; from++)
        {
            for (var rest = _rows[from]; rest != 0; rest &= rest - 1)
                inverse.Add((int)UInt128.TrailingZeroCount(rest), from);
        }

        return inverse;
    }

    /// <summary><c>r+</c></summary>
    internal Relation Closure()
    {
        var closed = new Relation(_rows.Length);
        _rows.CopyTo(closed._rows, 0);
        for (var via = 0; via < _rows.Length; via++)
        {
            for (var from = 0; from < _rows.Length; from++)
            {
                if (closed[from, via])
                    closed._rows[from] |= closed._rows[via];
            }
        }

        return closed;
    }

    /// <summary>The relation between some of the effects, numbered anew.</summary>
    internal Relation Restrict(int[] effects) => Where(effects.Length, (from, to) => this[effects[from], effects[to]]);
}
