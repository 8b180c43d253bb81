using System.Globalization;
using System.Text;
using Lazykick.Traces.Files;

namespace Lazykick.Traces.Anonymising;

/// <summary>
/// Other addresses for those of a trace: functions keep their names, data and texts only that they are equal.
/// </summary>
internal sealed class AddressMap(TraceFile trace)
{
    private const ulong Functions = 0xffffffff81000000;
    private const ulong FunctionSize = 0x10000;
    private const ulong Texts = 0xffffffffb0000000;
    private const ulong TextSize = 0x100;
    private const ulong Data = 0xffff888000000000;
    private const ulong DataSize = 0x40;

    private readonly Dictionary<string, ulong> _functions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ulong> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<ulong, ulong> _data = [];

    /// <summary>An address of the kernel, of a function or of data.</summary>
    public ulong Of(ulong address)
    {
        if (address == 0)
            return 0;
        if (trace.Symbols.ResolveName(address, out var offset) is { } name && offset < FunctionSize)
            return Add(_functions, name, Functions, FunctionSize) + offset;
        if (!_data.TryGetValue(address, out var known))
            _data.Add(address, known = Data + (DataSize * (ulong)(_data.Count + 1)));
        return known;
    }

    /// <summary>The address of a constant text of the kernel.</summary>
    public ulong OfText(ulong address) =>
        trace.ResolveText(address) is { } text ? Add(_texts, text, Texts, TextSize) : Of(address);

    /// <summary>The functions, as kallsyms has them.</summary>
    public byte[] Kallsyms()
    {
        var text = new StringBuilder();
        foreach (var (name, address) in _functions)
            Line(text, $"{address:x} t {name.Replace(" [", "\t[", StringComparison.Ordinal)}");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>The texts, as printk_formats has them.</summary>
    public byte[] PrintkFormats()
    {
        var text = new StringBuilder();
        foreach (var (constant, address) in _texts)
            Line(text, $"0x{address:x} : \"{constant}\"");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static ulong Add(Dictionary<string, ulong> known, string name, ulong from, ulong size)
    {
        if (!known.TryGetValue(name, out var address))
            known.Add(name, address = from + (size * (ulong)known.Count));
        return address;
    }

    private static void Line(StringBuilder text, FormattableString line) =>
        text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
