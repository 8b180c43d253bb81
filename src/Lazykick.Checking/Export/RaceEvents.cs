using Lazykick.Checking.Compilation;
using Lazykick.Checking.Machines;

namespace Lazykick.Checking.Export;

/// <summary>A race as events: program order, reads-from and coherence.</summary>
internal sealed class RaceEvents(
    CompiledScheme scheme,
    SchemeExecution execution,
    IReadOnlyList<RaceEvent>[] programs,
    IReadOnlyDictionary<string, List<RaceEvent>> writes,
    IReadOnlySet<RaceEvent> bearing
)
{
    private readonly Dictionary<RaceEvent, int> _index = programs
        .SelectMany(p => p.Select((e, i) => (e, i)))
        .ToDictionary(p => p.e, p => p.i);

    public CompiledScheme Scheme { get; } = scheme;

    public SchemeExecution Execution { get; } = execution;

    /// <summary>By CPU: its steps in program order.</summary>
    public IReadOnlyList<RaceEvent>[] Programs { get; } = programs;

    /// <summary>Reads that the violation hangs on, where a move violates the property.</summary>
    public IReadOnlySet<RaceEvent> Bearing { get; } = bearing;

    /// <summary>
    /// The writes to a variable in coherence order; those that are still in flight at the end come last.
    /// </summary>
    public IReadOnlyList<RaceEvent> Coherence(string location) =>
        writes.TryGetValue(location, out var list) ? list : [];

    /// <summary>The value of a variable when the race begins.</summary>
    public int Initial(string location) => Scheme.Fields.Memory.First(f => f.Name == location).Read(Execution.Start);

    public int IndexOf(RaceEvent step) => _index[step];

    /// <summary>Writes that overwrite what a read saw, or come after a write.</summary>
    public IEnumerable<RaceEvent> After(RaceEvent step, bool ofWrite)
    {
        var order = Coherence(step.Location!);
        var from = ofWrite ? step : step.Source;
        return order.Skip(from is null ? 0 : IndexIn(order, from) + 1).Where(w => w != step);
    }

    public IEnumerable<RaceEvent> ReadersOf(RaceEvent write) =>
        Programs.SelectMany(p => p).Where(e => e.IsRead && e.HasRead && e.Source == write);

    private static int IndexIn(IReadOnlyList<RaceEvent> list, RaceEvent item)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (list[i] == item)
                return i;
        }

        return -1;
    }
}
