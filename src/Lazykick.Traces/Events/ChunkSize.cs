namespace Lazykick.Traces.Events;

/// <summary>How large the chunks of a trace are, and how many of them a lane may have.</summary>
/// <param name="Records">Records of a chunk.</param>
/// <param name="ChunksOfLane">Chunks of a lane, the joiner's included; at least 2.</param>
internal readonly record struct ChunkSize(int Records, int ChunksOfLane)
{
    // All chunks of all CPUs together; below the smallest size a chunk would be all overhead.
    private const int BytesOfAll = 16 << 20;
    private const int LargestRecords = 4096;
    private const int StepsOfRecord = 8;
    private const int BytesOfRecord = 48 + (StepsOfRecord * sizeof(ulong));

    // One for the joiner, the others for readers to go on while it has a long stretch.
    private const int MostChunks = 5;
    private const int FewestChunks = 2;

    private const int SmallestRecords = 256;

    /// <summary>The smallest chunks, and no more than a lane needs.</summary>
    public static ChunkSize Smallest => new(SmallestRecords, FewestChunks);

    /// <summary>Steps of a chunk.</summary>
    public int Steps => Records * StepsOfRecord;

    /// <summary>The size for a number of CPUs: with more of them first the chunks get smaller, then fewer.</summary>
    public static ChunkSize For(int cpus)
    {
        var recordsOfLane = BytesOfAll / BytesOfRecord / Math.Max(1, cpus);
        var chunks = Math.Clamp(recordsOfLane / SmallestRecords, FewestChunks, MostChunks);
        return new ChunkSize(Math.Clamp(recordsOfLane / chunks, SmallestRecords, LargestRecords), chunks);
    }
}
