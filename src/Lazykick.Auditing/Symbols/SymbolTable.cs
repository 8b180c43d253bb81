namespace Lazykick.Auditing.Symbols;

/// <summary>The names of an image, by name and by address.</summary>
public sealed class SymbolTable
{
    private readonly Lazy<Symbol[]> _sortedData;
    private readonly IReadOnlyList<Symbol> _all;
    private readonly Symbol[] _code;
    private readonly ulong[] _addresses;
    private readonly Dictionary<string, Symbol> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<ulong, string> _data = [];

    /// <summary>Makes it of symbols in any order.</summary>
    /// <param name="symbols">The symbols; of two with one name the first in the list counts.</param>
    /// <param name="source">Where they come from, for the report.</param>
    public SymbolTable(IReadOnlyList<Symbol> symbols, string source)
    {
        ArgumentNullException.ThrowIfNull(symbols);
        Source = source;
        Count = symbols.Count;
        _all = symbols;
        foreach (var symbol in symbols)
        {
            _byName.TryAdd(symbol.Name, symbol);
            if (!symbol.IsCode)
            {
                _data.TryAdd(symbol.Address, symbol.Name);
            }
        }

        _code = [.. symbols.Where(s => s.IsCode && !IsMapping(s.Name)).OrderBy(s => s.Address)];
        _addresses = [.. _code.Select(s => s.Address)];
        _sortedData = new Lazy<Symbol[]>(() =>
            [.. symbols.Where(s => !s.IsCode && s.Name[0] != '.').OrderBy(s => s.Address)]
        );
    }

    /// <summary>Where the symbols come from.</summary>
    public string Source { get; }

    /// <summary>Number of symbols.</summary>
    public int Count { get; }

    /// <summary>Some name is no code: without such names keys and tables have no names.</summary>
    public bool HasData => _data.Count > 1000 || (Count < 5000 && _data.Count > 0);

    /// <summary>Names of code by address.</summary>
    public IReadOnlyList<Symbol> Code => _code;

    /// <summary>The address of a name, or null.</summary>
    public ulong? this[string name] => _byName.TryGetValue(name, out var symbol) ? symbol.Address : null;

    /// <summary>The same with names of data at addresses that have none.</summary>
    /// <param name="names">Names by address.</param>
    /// <param name="source">Where these come from.</param>
    public SymbolTable WithData(IReadOnlyDictionary<ulong, string> names, string source)
    {
        ArgumentNullException.ThrowIfNull(names);
        var added = names
            .Where(n => n.Value.Length > 0 && !_byName.ContainsKey(n.Value))
            .Select(n => new Symbol(n.Key, n.Value, 'd'))
            .ToList();
        return new SymbolTable([.. _all, .. added], $"{Source}; {added.Count:N0} {source}");
    }

    /// <summary>All names.</summary>
    public IEnumerable<string> Names => _byName.Keys;

    /// <summary>The name of a datum, or null.</summary>
    public string? DataAt(ulong address) => _data.GetValueOrDefault(address);

    /// <summary>
    /// The name of a datum, or that of the datum that it is a part of, with an offset; null where none is near.
    /// </summary>
    public string? DataNear(ulong address)
    {
        if (DataAt(address) is { } exact)
        {
            return exact;
        }

        var sorted = _sortedData.Value;
        int low = 0,
            high = sorted.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (sorted[middle].Address <= address)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low > 0 && address - sorted[low - 1].Address < 1024
            ? $"{sorted[low - 1].Name}+0x{address - sorted[low - 1].Address:x}"
            : null;
    }

    /// <summary>Some name of code has this address.</summary>
    public bool IsStart(ulong address) => Array.BinarySearch(_addresses, address) >= 0;

    /// <summary>The function that an address lies in: the last name at or before it.</summary>
    /// <param name="address">The address.</param>
    /// <param name="end">The address of the next name.</param>
    /// <returns>The first of the names there, or null before all names.</returns>
    public Symbol? FunctionAt(ulong address, out ulong end)
    {
        var index = Array.BinarySearch(_addresses, address);
        if (index < 0)
        {
            index = ~index - 1;
        }

        if (index < 0)
        {
            end = 0;
            return null;
        }

        var start = _addresses[index];
        var first = index;
        while (first > 0 && _addresses[first - 1] == start)
        {
            first--;
        }

        var after = index;
        while (after < _addresses.Length && _addresses[after] == start)
        {
            after++;
        }

        end = after < _addresses.Length ? _addresses[after] : ulong.MaxValue;
        var best = first;
        for (var i = first; i < after; i++)
        {
            if (Rank(_code[i]) > Rank(_code[best]))
            {
                best = i;
            }
        }

        return _code[best];
    }

    /// <summary>Every name at an address.</summary>
    public IEnumerable<string> NamesAt(ulong address)
    {
        var index = Array.BinarySearch(_addresses, address);
        if (index < 0)
        {
            yield break;
        }

        while (index > 0 && _addresses[index - 1] == address)
        {
            index--;
        }

        for (; index < _addresses.Length && _addresses[index] == address; index++)
        {
            yield return _code[index].Name;
        }
    }

    /// <summary>A place in words: function+0xoffset.</summary>
    public string Place(ulong address) =>
        FunctionAt(address, out _) is { } symbol
            ? address == symbol.Address
                ? symbol.Name
                : $"{symbol.Name}+0x{address - symbol.Address:x}"
            : $"0x{address:x}";

    // Boundaries of sections have addresses of functions, too: a reader wants the function.
    private static int Rank(Symbol symbol) =>
        (
            symbol.Name.StartsWith("__", StringComparison.Ordinal)
            && symbol.Name.EndsWith("_start", StringComparison.Ordinal)
                ? -4
                : 0
        )
        + (symbol.Name.EndsWith("_end", StringComparison.Ordinal) ? -4 : 0)
        + (
            symbol.Name.StartsWith("__pfx_", StringComparison.Ordinal)
            || symbol.Name.StartsWith("__cfi_", StringComparison.Ordinal)
                ? -3
                : 0
        )
        + (symbol.Name is "_text" or "_stext" or "_head" or "_sinittext" or "_etext" ? -4 : 0);

    private static bool IsMapping(string name) =>
        name.Length > 1 && name[0] == '$' && name[1] is 'x' or 'd' && (name.Length == 2 || name[2] == '.');
}
