namespace Lazykick.Traces.Containers.Perf;

/// <summary>Types of records in a perf.data (linux/perf_event.h, and perf's own from 64 on).</summary>
internal static class PerfRecord
{
    public const uint Map = 1;
    public const uint Lost = 2;
    public const uint Comm = 3;
    public const uint Sample = 9;
    public const uint LostSamples = 13;
    public const uint HeaderAttribute = 64;
    public const uint TracingData = 66;
    public const uint AuxTrace = 71;
    public const uint Feature = 80;
    public const uint Compressed = 81;
    public const uint Compressed2 = 83;
}
