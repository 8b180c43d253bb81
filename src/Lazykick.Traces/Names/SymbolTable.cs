using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Lazykick.Traces.Names;

/// <summary>
/// Functions of the traced kernel, from its kallsyms. The text is kept as it is, with the places of the names in it: a
/// kernel has some 100,000 functions, and a name becomes a string when it is asked for.
/// </summary>
public sealed class SymbolTable
{
    // Beyond this distance behind the last function an address belongs to none. The largest function of a kernel is far
    // below it.
    private const ulong LargestFunction = 1 << 20;

    // Zero bytes at the end of the text that may fill it up to a word.
    private const int MostPadding = 8;

    // Stands for a name where the text has a hole.
    private const int NoName = int.MaxValue;

    private readonly ulong[] _addresses;
    private readonly int[] _names;
    private readonly byte[] _text;

    private SymbolTable(ulong[] addresses, int[] names, byte[] text)
    {
        _addresses = addresses;
        _names = names;
        _text = text;
    }

    /// <summary>A table without symbols: every address stays a number.</summary>
    public static SymbolTable Empty { get; } = new([], [], []);

    /// <summary>
    /// Place of the first zero bytes in the text, where names of functions should be; -1 where there are none. What an
    /// address behind the last function before a hole belongs to is not known.
    /// </summary>
    internal int HoleAt { get; private init; } = -1;

    /// <summary>Number of functions.</summary>
    public int Count => _addresses.Length;

    /// <summary>
    /// Reads the text of kallsyms. Only functions (types T, t, W, w) are kept; of several names at one address the
    /// first counts, as in the kernel's own look-up. A table whose addresses are all 0 (kptr_restrict) is empty.
    /// </summary>
    /// <param name="kallsyms">The text; kept, not copied.</param>
    /// <param name="moved">Bytes by which the traced kernel lay higher than this text says; modules, whose place is not
    /// known then, are left out unless it is 0.</param>
    public static SymbolTable Parse(byte[] kallsyms, long moved = 0)
    {
        ArgumentNullException.ThrowIfNull(kallsyms);
        var addresses = new List<ulong>();
        var names = new List<int>();
        var hole = -1;
        var filled = kallsyms.AsSpan().TrimEnd((byte)0).Length;
        ReadOnlySpan<byte> text = kallsyms.Length - filled <= MostPadding ? kallsyms.AsSpan(0, filled) : kallsyms;
        foreach (var range in text.Split((byte)'\n'))
        {
            var line = text[range];
            if (line.IndexOf((byte)0) is >= 0 and var at)
            {
                hole = hole < 0 ? range.Start.Value + at : hole;
                if (addresses.Count > 0)
                {
                    addresses.Add(addresses[^1] + 1);
                    names.Add(NoName);
                }

                continue;
            }

            if (
                !Utf8Parser.TryParse(line, out ulong address, out var length, 'x')
                || address == 0
                || line.Length < length + 4
                || line[length] != ' '
                || line[length + 2] != ' '
            )
            {
                continue;
            }

            if (line[length + 1] is not ((byte)'T' or (byte)'t' or (byte)'W' or (byte)'w'))
                continue;
            var name = line[(length + 3)..];
            if (name[0] == '$')
                continue; // arm64's marks of code and data
            if (moved != 0 && name.Contains((byte)'\t'))
                continue;
            addresses.Add(address + (ulong)moved);
            names.Add(range.Start.Value + length + 3);
        }

        var sortedAddresses = addresses.ToArray();
        var sortedNames = names.ToArray();
        SortStable(sortedAddresses, sortedNames);
        return new SymbolTable(sortedAddresses, sortedNames, kallsyms) { HoleAt = hole };
    }

    /// <summary>The address of a symbol in the text of kallsyms, or null. Reads up to the first match.</summary>
    internal static ulong? FindAddress(ReadOnlySpan<byte> kallsyms, string name)
    {
        var wanted = Encoding.UTF8.GetBytes(name);
        foreach (var range in kallsyms.Split((byte)'\n'))
        {
            var line = kallsyms[range];
            if (
                Utf8Parser.TryParse(line, out ulong address, out var length, 'x')
                && line.Length > length + 3
                && line[(length + 3)..].SequenceEqual(wanted)
            )
            {
                return address;
            }
        }

        return null;
    }

    /// <summary>
    /// The function at an address: <c>name</c>, or <c>name [module]</c>; null where no symbol is known.
    /// </summary>
    public string? ResolveName(ulong address) => ResolveName(address, out _);

    /// <summary>
    /// The function at an address and the distance from its start in bytes; null where no symbol is known.
    /// </summary>
    public string? ResolveName(ulong address, out ulong offset)
    {
        offset = 0;
        var index = Array.BinarySearch(_addresses, address);
        if (index < 0)
            index = ~index - 1;
        if (index < 0)
            return null;
        while (index > 0 && _addresses[index - 1] == _addresses[index])
            index--;
        offset = address - _addresses[index];
        if (offset >= LargestFunction || _names[index] == NoName)
            return null;
        return NameAt(index);
    }

    /// <summary>
    /// The address as text: <c>name+0x38</c>, <c>name</c> at its start, or the number in hexadecimal.
    /// </summary>
    public string Describe(ulong address)
    {
        var name = ResolveName(address, out var offset);
        if (name is null)
            return "0x" + address.ToString("x", CultureInfo.InvariantCulture);
        return offset == 0 ? name : $"{name}+0x{offset.ToString("x", CultureInfo.InvariantCulture)}";
    }

    private string NameAt(int index)
    {
        var bytes = _text.AsSpan(_names[index]);
        var end = bytes.IndexOf((byte)'\n');
        bytes = end >= 0 ? bytes[..end] : bytes.TrimEnd((byte)0);
        var tab = bytes.IndexOf((byte)'\t');
        return tab < 0
            ? Encoding.UTF8.GetString(bytes)
            : $"{Encoding.UTF8.GetString(bytes[..tab])} {Encoding.UTF8.GetString(bytes[(tab + 1)..])}";
    }

    private static void SortStable(ulong[] addresses, int[] names)
    {
        var sorted = true;
        for (var i = 1; i < addresses.Length && sorted; i++)
            sorted = addresses[i - 1] <= addresses[i];
        if (sorted)
            return;
        // Positions in the text grow with the line, so they are the tie-breaker that keeps the order of the file.
        var keys = new (ulong Address, int Name)[addresses.Length];
        for (var i = 0; i < keys.Length; i++)
            keys[i] = (addresses[i], names[i]);
        MemoryExtensions.Sort(keys.AsSpan());
        for (var i = 0; i < keys.Length; i++)
            (addresses[i], names[i]) = keys[i];
    }
}
