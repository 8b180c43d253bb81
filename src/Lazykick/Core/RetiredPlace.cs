namespace Lazykick.Core;

/// <summary>A place in the queue that its retirer has taken and has to fill.</summary>
/// <param name="Chunk">Where it is.</param>
/// <param name="Index">Where in the chunk.</param>
/// <param name="Number">How many items were retired before.</param>
/// <param name="Wakes">Whether the reclaimer was asleep, so that this retirer has to wake it.</param>
internal readonly record struct RetiredPlace(RetiredChunk Chunk, int Index, long Number, bool Wakes);
