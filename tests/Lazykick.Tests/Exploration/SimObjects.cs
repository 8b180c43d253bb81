namespace Lazykick.Tests.Exploration;

/// <summary>
/// Objects of an execution as memory and paths know them: by numbers, and by places that stand for them.
/// </summary>
internal sealed class SimObjects
{
    /// <summary>What an entry of an array holds before something has been stored there.</summary>
    public const long None = -1;

    private readonly Dictionary<object, int> _places = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<(Array, int), object> _elements = [];
    private readonly Dictionary<nint, object> _native = [];
    private readonly List<object> _published = [];

    /// <summary>A published object, or a value, as a number, as memory holds numbers.</summary>
    public long NumberOf(object value)
    {
        var index = _published.FindIndex(known =>
            ReferenceEquals(known, value) || (value is ValueType && value.Equals(known))
        );
        if (index >= 0)
            return index;
        _published.Add(value);
        return _published.Count - 1;
    }

    public object? ObjectOf(long number) => number == None ? null : _published[(int)number];

    /// <summary>An entry of an array as a place.</summary>
    public object ElementOf(Array array, int index)
    {
        if (!_elements.TryGetValue((array, index), out var place))
        {
            _elements.Add((array, index), place = new object());
        }

        return place;
    }

    /// <summary>A piece of native memory as a place.</summary>
    public object NativeAt(nint address)
    {
        if (!_native.TryGetValue(address, out var place))
        {
            _native.Add(address, place = new object());
        }

        return place;
    }

    /// <summary>A place as a number, in the order in which the execution comes to them.</summary>
    public int NumberOfPlace(object? place)
    {
        if (place is null)
            return Operation.Nowhere;
        if (!_places.TryGetValue(place, out var number))
            _places.Add(place, number = _places.Count);
        return number;
    }
}
