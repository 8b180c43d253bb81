using System.Diagnostics.Metrics;

namespace Lazykick.Cli.Serve;

/// <summary>The instruments of <c>serve</c>: each tells the newest figures whenever it is asked.</summary>
internal sealed class ServeMetrics : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Lazykick.Live";

    private readonly Meter _meter = new(MeterName);
    private volatile ServeFigures? _newest;

    public ServeMetrics()
    {
        _meter.CreateObservableCounter(
            "lazykick.cpu.state.time",
            () => Newest(static f => f.StateTime),
            "s",
            "Time that the CPU spent in the state."
        );
        _meter.CreateObservableCounter(
            "lazykick.breaks",
            () => Newest(static f => f.BreakCounts),
            "{break}",
            "Times that an interrupt ended user mode or a guest."
        );
        _meter.CreateObservableCounter(
            "lazykick.breaks.time",
            () => Newest(static f => f.BreakTime),
            "s",
            "Time that these breaks stole."
        );
        _meter.CreateObservableGauge(
            "lazykick.break.longest",
            () => Newest(static f => f.LongestBreak),
            "s",
            "The longest break since the start."
        );
        _meter.CreateObservableCounter(
            "lazykick.kicks",
            () => Newest(static f => f.Kicks),
            "{kick}",
            "Kicks from other CPUs, by verdict."
        );
        _meter.CreateObservableCounter(
            "lazykick.function.kicks",
            () => Newest(static f => f.FunctionKicks),
            "{kick}",
            "Kicks by the kernel function that they run."
        );
        _meter.CreateObservableCounter(
            "lazykick.function.stolen.time",
            () => Newest(static f => f.FunctionStolen),
            "s",
            "Time of the breaks and wake-ups that these kicks were the first to cause."
        );
        _meter.CreateObservableCounter(
            "lazykick.cause.breaks",
            () => Newest(static f => f.CauseBreaks),
            "{break}",
            "Breaks of user mode and guests by their cause in words."
        );
        _meter.CreateObservableCounter(
            "lazykick.cause.stolen.time",
            () => Newest(static f => f.CauseStolen),
            "s",
            "Time that these breaks stole."
        );
        _meter.CreateObservableCounter(
            "lazykick.events.lost",
            () => Newest(static f => f.Lost),
            "{event}",
            "Events that a full buffer cost; figures are too small where it is not 0."
        );
        _meter.CreateObservableGauge(
            "lazykick.figure.unknown",
            () => Newest(static f => f.NotKnown),
            "{figure}",
            "1 for each figure of a CPU that the kernel's events cannot tell; it has no series."
        );
    }

    /// <summary>There are figures: a second of the analysis has passed.</summary>
    public bool HasFigures => _newest is not null;

    /// <summary>Shows newer figures.</summary>
    public void Show(ServeFigures figures) => _newest = figures;

    public void Dispose() => _meter.Dispose();

#pragma warning disable CA1859 // The instruments take sequences, and infer their type from them.
    private IEnumerable<Measurement<T>> Newest<T>(Func<ServeFigures, List<Measurement<T>>> of)
        where T : struct => _newest is { } figures ? of(figures) : [];
#pragma warning restore CA1859
}
