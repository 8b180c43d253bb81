namespace Lazykick.Checking.Exploration;

/// <summary>Numbers the values that one part of a state takes, in the order in which they are met.</summary>
/// <param name="mask">The bits of the part.</param>
internal sealed class PartTable<T>(T mask)
    where T : unmanaged, IPacked<T>
{
    private readonly Dictionary<T, int> _numbers = [];
    private readonly List<T> _values = [];

    public int Count => _values.Count;

    /// <summary>The bits of the part, where they are in a state; all others 0.</summary>
    public T this[int number] => _values[number];

    /// <summary>The number of a state's part.</summary>
    public int NumberOf(in T state)
    {
        var value = T.And(state, mask);
        if (_numbers.TryGetValue(value, out var number))
            return number;
        number = _values.Count;
        _values.Add(value);
        _numbers.Add(value, number);
        return number;
    }

    /// <summary>A state with this part replaced.</summary>
    public T Put(in T state, int number) => T.Replace(state, mask, _values[number]);
}
