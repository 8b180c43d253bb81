namespace Lazykick.Checking.Tests.Axiomatic;

/// <summary>A relation over at most 32 events, a row of bits each.</summary>
internal sealed class Relation(int size)
{
    private readonly uint[] _rows = new uint[size];

    internal bool this[int from, int to] => (_rows[from] & (1u << to)) != 0;

    internal void Add(int from, int to) => _rows[from] |= 1u << to;

    internal void CopyFrom(Relation other) => other._rows.CopyTo(_rows, 0);

    /// <summary>Closes the relation transitively and says whether no event reaches itself.</summary>
    internal bool CloseIsAcyclic()
    {
        for (var via = 0; via < size; via++)
        {
            for (var from = 0; from < size; from++)
            {
                if ((_rows[from] & (1u << via)) != 0)
                    _rows[from] |= _rows[via];
            }
        }

        for (var i = 0; i < size; i++)
        {
            if (this[i, i])
                return false;
        }

        return true;
    }
}
