namespace Lazykick.Traces.Formats;

/// <summary>The formats of a trace by id and by name, and where the common fields of all of them lie.</summary>
internal sealed class EventCatalog
{
    private readonly Dictionary<ushort, EventFormat> _byId = [];
    private readonly Dictionary<(string System, string Name), EventFormat> _byName = [];
    private readonly List<EventFormat> _all = [];

    public IReadOnlyList<EventFormat> All => _all;

    public void Add(EventFormat? format)
    {
        if (format is null || !_byId.TryAdd(format.Id, format))
            return;
        _byName.TryAdd((format.System, format.Name), format);
        _all.Add(format);
    }

    public void Add(string system, ReadOnlyMemory<byte> text) => Add(EventFormatParser.Parse(system, text));

    public EventFormat? Find(string system, string name) => _byName.GetValueOrDefault((system, name));

    public EventFormat? Find(ushort id) => _byId.GetValueOrDefault(id);

    /// <summary>
    /// Where the common fields lie. They are the same for every event of a kernel, so the first format that has them
    /// decides.
    /// </summary>
    public RecordLayout Layout()
    {
        foreach (var format in _all)
        {
            if (RecordLayout.TryFrom(format) is { } layout)
                return layout;
        }

        return RecordLayout.Usual;
    }
}
