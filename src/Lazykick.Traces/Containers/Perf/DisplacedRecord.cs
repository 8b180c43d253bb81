namespace Lazykick.Traces.Containers.Perf;

/// <summary>A record that stands behind a later one.</summary>
internal readonly record struct DisplacedRecord(ulong Time, long Offset, int Size);
