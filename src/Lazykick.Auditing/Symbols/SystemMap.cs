using System.Globalization;

namespace Lazykick.Auditing.Symbols;

/// <summary>Reads a System.map.</summary>
public static class SystemMap
{
    private const int MaxLines = 2_000_000;

    /// <summary>Reads it.</summary>
    /// <exception cref="Bytes.ImageException">It holds no symbols: Debian's image packages ship a stub of one
    /// line.</exception>
    public static SymbolTable Read(TextReader reader, string name)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var symbols = new List<Symbol>();
        for (var number = 1; reader.ReadLine() is { } line && number <= MaxLines; number++)
        {
            var first = line.IndexOf(' ', StringComparison.Ordinal);
            if (
                first is > 0 and <= 16
                && line.Length > first + 3
                && line[first + 2] == ' '
                && ulong.TryParse(
                    line.AsSpan(0, first),
                    NumberStyles.AllowHexSpecifier,
                    CultureInfo.InvariantCulture,
                    out var address
                )
            )
            {
                symbols.Add(new Symbol(address, line[(first + 3)..].Split('\t')[0].Trim(), line[first + 1]));
            }
        }

        if (symbols.Count < 100)
        {
            throw new Bytes.ImageException(
                $"{name}: {symbols.Count} symbols are no System.map; Debian's image package has a stub, the real one "
                    + "is in the -dbg package"
            );
        }

        return new SymbolTable(symbols, $"System.map ({symbols.Count:N0} symbols)");
    }
}
