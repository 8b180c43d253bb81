namespace Lazykick.Traces.Containers.Perf;

/// <summary>A part of a perf.data.</summary>
internal readonly record struct PerfSection(long Offset, long Length);
