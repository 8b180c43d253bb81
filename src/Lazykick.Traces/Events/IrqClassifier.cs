using Lazykick.Traces.Formats;

namespace Lazykick.Traces.Events;

/// <summary>Tells what the interrupts of irq_handler_entry are, by their names.</summary>
internal sealed class IrqClassifier(EventPlan plan)
{
    private const int MostNames = 4096;

    private readonly IrqClass[] _classes = new IrqClass[1024];
    private readonly Dictionary<int, string> _names = [];

    /// <summary>Names of interrupts by number.</summary>
    public IReadOnlyDictionary<int, string> Names => _names;

    public IrqClass ClassOf(in TraceEvent e)
    {
        var number = (uint)plan.IrqNumber.ReadUInt64(e.Payload);
        if (number < _classes.Length && _classes[number] != IrqClass.Unknown)
            return _classes[number];
        var name = plan.IrqName.ReadBytes(e.Payload);
        if (_names.Count < MostNames)
            _names.TryAdd((int)number, plan.IrqName.ReadText(e.Payload));
        var known =
            name.StartsWith("IPI"u8) ? IrqClass.Ipi
            : name.IndexOf("timer"u8) >= 0 ? IrqClass.Timer
            : IrqClass.Device;
        if (number < _classes.Length)
            _classes[number] = known;
        return known;
    }
}
