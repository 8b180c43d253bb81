using System.Buffers.Text;
using System.Text;

namespace Lazykick.Traces.Names;

/// <summary>
/// Text constants of the traced kernel by address (printk_formats): events that name something by a pointer, such as
/// the reason of ipi_raise and ipi_entry, mean these.
/// </summary>
internal sealed class TextConstants
{
    private readonly Dictionary<ulong, string> _texts = [];

    public int Count => _texts.Count;

    /// <summary>The text at an address, or null.</summary>
    public string? Find(ulong address) => _texts.GetValueOrDefault(address);

    /// <summary>Reads the file's lines, <c>0xffff... : "text"</c>; others are passed over.</summary>
    public void Add(ReadOnlySpan<byte> printkFormats)
    {
        foreach (var range in printkFormats.Split((byte)'\n'))
        {
            var line = printkFormats[range];
            if (!line.StartsWith("0x"u8) || !Utf8Parser.TryParse(line[2..], out ulong address, out _, 'x'))
                continue;
            var open = line.IndexOf((byte)'"');
            var close = line.LastIndexOf((byte)'"');
            if (close > open && open >= 0)
                _texts[address] = Encoding.UTF8.GetString(line[(open + 1)..close]);
        }
    }
}
