using System.Runtime.CompilerServices;

namespace Lazykick.Traces.Containers.Perf;

/// <summary>
/// The layouts of all events of a perf.data. Where tracepoints share one, which is usual, no id is looked up; otherwise
/// the id of a sample decides, which perf puts at a fixed place then.
/// </summary>
internal sealed unsafe class SampleLayouts
{
    private readonly Dictionary<ulong, SampleLayout?> _byId = [];
    private readonly HashSet<SampleLayout> _tracepoints = [];
    private bool _hasOtherSamples;
    private int _idOffset = -1;

    /// <summary>The layout of all samples, or null where they differ.</summary>
    public SampleLayout? Only => !_hasOtherSamples && _tracepoints.Count == 1 ? _tracepoints.First() : null;

    /// <summary>Describes what the kernel appends to other records; it is the same for all events.</summary>
    public SampleLayout? Trailer { get; private set; }

    public bool HasTracepoints => _tracepoints.Count > 0;

    /// <summary>Adds the description of an event.</summary>
    /// <param name="attribute">What perf_event_open got.</param>
    /// <param name="ids">Ids of its samples, one a CPU.</param>
    public void Add(PerfAttribute attribute, ReadOnlySpan<ulong> ids)
    {
        var layout = new SampleLayout(attribute.SampleType, attribute.ReadFormat);
        if (attribute.HasTrailer)
            Trailer ??= layout;
        if (attribute.IsDummy)
            return;
        var isEvent = attribute.IsTracepoint && layout.IsComplete;
        if (isEvent)
            Tracepoints.Add(attribute.Config);
        if (isEvent)
            _tracepoints.Add(layout);
        else
            _hasOtherSamples = true;
        if (_idOffset < 0)
            _idOffset = layout.IdOffset;
        foreach (var id in ids)
            _byId[id] = isEvent ? layout : null;
    }

    /// <summary>Ids of the tracepoints that were recorded.</summary>
    public HashSet<ulong> Tracepoints { get; } = [];

    /// <summary>Whether some attribute has the id of a sample.</summary>
    public bool HasIdOf(byte* record, int size) =>
        _idOffset < 0 || (size >= _idOffset + 8 && _byId.ContainsKey(Unsafe.ReadUnaligned<ulong>(record + _idOffset)));

    /// <summary>The layout of a sample; null where it is no tracepoint or not known.</summary>
    public SampleLayout? Find(byte* record, int size)
    {
        if (_idOffset < 0 || size < _idOffset + 8)
            return null;
        return _byId.GetValueOrDefault(Unsafe.ReadUnaligned<ulong>(record + _idOffset));
    }
}
