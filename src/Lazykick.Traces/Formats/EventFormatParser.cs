using System.Buffers.Text;
using System.Text;

namespace Lazykick.Traces.Formats;

/// <summary>
/// Reads the kernel's format files (trace_events.c, f_show): <c>name:</c>, <c>ID:</c>, then one <c>field:TYPE
/// NAME[N];offset:..;size:..;signed:..;</c> a line. Lines that are none of these are passed over, so that a newer
/// kernel's additions do no harm.
/// </summary>
internal static class EventFormatParser
{
    public static EventFormat? Parse(string system, ReadOnlyMemory<byte> text)
    {
        string? name = null;
        foreach (var range in text.Span.Split((byte)'\n'))
        {
            var line = text.Span[range].Trim((byte)' ');
            if (line.StartsWith("name:"u8))
            {
                name = Encoding.UTF8.GetString(line[5..].Trim((byte)' '));
            }
            else if (line.StartsWith("ID:"u8))
            {
                return name is not null && TryNumber(line[3..], out var id) && id <= ushort.MaxValue
                    ? new EventFormat(system, name, (ushort)id, text)
                    : null;
            }
        }

        return null;
    }

    public static IReadOnlyList<EventField> ParseFields(ReadOnlySpan<byte> text)
    {
        var fields = new List<EventField>();
        foreach (var range in text.Split((byte)'\n'))
        {
            var line = text[range].Trim("\t "u8);
            if (line.StartsWith("print fmt:"u8))
                break;
            if (line.StartsWith("field"u8) && ParseField(line) is { } field)
                fields.Add(field);
        }

        return fields;
    }

    public static EventField? ParseField(ReadOnlySpan<byte> line)
    {
        // "field:" of events, "field special:" of some ftrace ones, "field: " of header_page.
        var colon = line.IndexOf((byte)':');
        var semicolon = line.IndexOf((byte)';');
        if (colon < 0 || semicolon < colon)
            return null;
        var declaration = line[(colon + 1)..semicolon].Trim((byte)' ');
        if (
            !TryAttribute(line, "offset:"u8, out var offset)
            || !TryAttribute(line, "size:"u8, out var size)
            || offset > ushort.MaxValue
            || size > ushort.MaxValue
        )
        {
            return null;
        }

        _ = TryAttribute(line, "signed:"u8, out var signed);

        var brackets = declaration.IndexOf((byte)'[');
        var isArray = false;
        var suffix = ReadOnlySpan<byte>.Empty;
        if (brackets >= 0 && declaration.EndsWith("]"u8))
        {
            isArray = true;
            suffix = declaration[brackets..];
            declaration = declaration[..brackets].TrimEnd((byte)' ');
        }

        var space = declaration.LastIndexOf((byte)' ');
        if (space < 0)
            return null;
        var name = Encoding.UTF8.GetString(declaration[(space + 1)..]);
        var type = declaration[..space].TrimEnd((byte)' ');

        var kind = EventFieldKind.Scalar;
        if (type.StartsWith("__data_loc"u8))
            kind = EventFieldKind.DataLocation;
        else if (type.StartsWith("__rel_loc"u8))
            kind = EventFieldKind.RelativeLocation;
        else if (isArray || size is not (1 or 2 or 4 or 8))
            kind = EventFieldKind.Array;
        // "__data_loc unsigned long[] target_cpus" carries its brackets in the type.
        return new EventField(
            name,
            Encoding.UTF8.GetString(type) + Encoding.UTF8.GetString(suffix),
            (int)offset,
            (int)size,
            signed == 1,
            kind
        );
    }

    private static bool TryAttribute(ReadOnlySpan<byte> line, ReadOnlySpan<byte> key, out uint value)
    {
        value = 0;
        var at = line.IndexOf(key);
        return at >= 0 && TryNumber(line[(at + key.Length)..], out value);
    }

    private static bool TryNumber(ReadOnlySpan<byte> text, out uint value) =>
        Utf8Parser.TryParse(text.TrimStart((byte)' '), out value, out _);
}
