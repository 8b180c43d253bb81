namespace Lazykick.Checking.Litmus.Machine;

/// <summary>Gives every value that turns up a small number, so that a state needs few bits for it.</summary>
internal sealed class ValueTable
{
    private readonly Dictionary<long, int> _numbers = [];
    private readonly List<long> _values = [];

    internal ValueTable() => Number(0);

    internal int Count => _values.Count;

    internal long this[int number] => _values[number];

    internal int Number(long value)
    {
        if (_numbers.TryGetValue(value, out var number))
            return number;
        _values.Add(value);
        _numbers.Add(value, _values.Count - 1);
        return _values.Count - 1;
    }
}
