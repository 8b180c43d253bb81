using Lazykick.Checking.Litmus.Reading;

namespace Lazykick.Checking.Litmus.Machine;

/// <summary>Where the data locations of a test lie.</summary>
internal sealed class DataLocations
{
    private const long First = 0x10_0000,
        Stride = LitmusArray.MaxBytes;

    private readonly long[] _addresses;
    private readonly int[] _sizes;
    private readonly Dictionary<string, int> _indices = new(StringComparer.Ordinal);

    // By location, where it is the first element of an array: all its elements.
    private readonly Dictionary<int, int[]> _elements = [];

    /// <summary>Lays locations out.</summary>
    /// <param name="names">Names in order, elements of arrays included.</param>
    /// <param name="arrays">The arrays.</param>
    internal DataLocations(IEnumerable<string> names, IEnumerable<LitmusArray> arrays)
    {
        Names = [.. names];
        _addresses = [.. Names.Select((_, i) => First + (Stride * i))];
        _sizes = new int[Names.Length];
        for (var i = 0; i < Names.Length; i++)
            _indices[Names[i]] = i;
        foreach (var array in arrays)
        {
            int[] elements = [.. Enumerable.Range(0, array.Count).Select(i => _indices[array.Element(i)])];
            for (var i = 0; i < elements.Length; i++)
            {
                _addresses[elements[i]] = First + (Stride * elements[0]) + (array.Size * i);
                _sizes[elements[i]] = array.Size;
            }

            _elements[elements[0]] = elements;
            _indices[array.Name] = elements[0];
        }
    }

    internal string[] Names { get; }

    /// <summary>The number of a location; an array's name is that of its first element. -1: there is none.</summary>
    internal int IndexOf(string name) => _indices.GetValueOrDefault(name, -1);

    internal long AddressOf(int location) => _addresses[location];

    /// <summary>Bytes of an array's element, which all accesses have; 0 for a location of its own.</summary>
    internal int ElementSize(int location) => _sizes[location];

    /// <summary>The location at an address, or -1.</summary>
    internal int At(long address)
    {
        var block = Block(address, out var offset);
        if (block < 0)
            return -1;
        if (_elements.TryGetValue(block, out var elements))
        {
            var size = _sizes[block];
            return offset % size == 0 && offset / size < elements.Length ? elements[offset / size] : -1;
        }

        return _addresses[block] == address ? block : -1;
    }

    /// <summary>The location that an address lies in, but not at the beginning of; null where there is none.</summary>
    internal string? Around(long address)
    {
        var block = Block(address, out var offset);
        if (block < 0 || At(address) >= 0 || _addresses[block] != address - offset)
            return null;
        if (!_elements.TryGetValue(block, out var elements))
            return offset < 8 ? Names[block] : null;
        var index = offset / _sizes[block];
        return index < elements.Length ? Names[elements[index]] : null;
    }

    private int Block(long address, out int offset)
    {
        var distance = address - First;
        offset = (int)(distance & (Stride - 1));
        return distance >= 0 && distance / Stride < Names.Length ? (int)(distance / Stride) : -1;
    }
}
