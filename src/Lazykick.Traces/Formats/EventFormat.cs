using System.Text;

namespace Lazykick.Traces.Formats;

/// <summary>
/// The layout of one event, from the kernel's format file. Fields are parsed when they are first asked for.
/// </summary>
public sealed class EventFormat
{
    private readonly ReadOnlyMemory<byte> _text;
    private readonly Lazy<IReadOnlyList<EventField>> _fields;

    internal EventFormat(string system, string name, ushort id, ReadOnlyMemory<byte> text)
    {
        System = system;
        Name = name;
        Id = id;
        _text = text;
        _fields = new Lazy<IReadOnlyList<EventField>>(() => EventFormatParser.ParseFields(_text.Span));
    }

    /// <summary>Subsystem, for example <c>ipi</c>.</summary>
    public string System { get; }

    /// <summary>Name, for example <c>ipi_send_cpu</c>.</summary>
    public string Name { get; }

    /// <summary>Number of the event in this trace; numbers differ from kernel to kernel.</summary>
    public ushort Id { get; }

    /// <summary>All fields with the common ones first.</summary>
    public IReadOnlyList<EventField> Fields => _fields.Value;

    /// <summary>The format file as the kernel printed it.</summary>
    public string Text => Encoding.UTF8.GetString(_text.Span);

    /// <summary>A field by name, or null.</summary>
    public EventField? Find(string name)
    {
        foreach (var field in Fields)
        {
            if (string.Equals(field.Name, name, StringComparison.Ordinal))
                return field;
        }

        return null;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{System}:{Name} ({Id})";
}
