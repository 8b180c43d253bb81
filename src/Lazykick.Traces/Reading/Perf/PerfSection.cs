namespace Lazykick.Traces;

/// <summary>A part of a perf.data.</summary>
internal readonly record struct PerfSection(long Offset, long Length);
