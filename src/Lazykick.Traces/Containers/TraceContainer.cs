namespace Lazykick.Traces.Containers;

/// <summary>The form in which a trace came.</summary>
public enum TraceContainer
{
    /// <summary>A directory of raw per-CPU ring-buffer pages with format files.</summary>
    RawDirectory,

    /// <summary>trace.dat version 6 (trace-cmd before 3.0).</summary>
    TraceDat6,

    /// <summary>trace.dat version 7 (trace-cmd 3.0 and later), compressed or not.</summary>
    TraceDat7,

    /// <summary>perf.data, file mode.</summary>
    PerfData,
}
