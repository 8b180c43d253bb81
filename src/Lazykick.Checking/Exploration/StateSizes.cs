namespace Lazykick.Checking.Exploration;

/// <summary>The sizes that a state can have: powers of two.</summary>
internal static class StateSizes
{
    /// <summary>Words of 64 bits of the largest.</summary>
    public const int MaxWords = 128;

    /// <summary>Does work with the smallest states that have so many words.</summary>
    /// <exception cref="NotSupportedException">There are none.</exception>
    public static TResult Run<TResult>(int words, ISizedWork<TResult> work) =>
        words switch
        {
            <= 1 => work.Run<Word>(),
            2 => work.Run<Pair<Word>>(),
            <= 4 => work.Run<Pair<Pair<Word>>>(),
            <= 8 => work.Run<Pair<Pair<Pair<Word>>>>(),
            <= 16 => work.Run<Wide<Pair<Pair<Pair<Pair<Word>>>>>>(),
            <= 32 => work.Run<Wide<Pair<Pair<Pair<Pair<Pair<Word>>>>>>>(),
            <= 64 => work.Run<Wide<Pair<Pair<Pair<Pair<Pair<Pair<Word>>>>>>>>(),
            <= MaxWords => work.Run<Wide<Pair<Pair<Pair<Pair<Pair<Pair<Pair<Word>>>>>>>>>(),
            _ => throw new NotSupportedException(
                $"a state takes {words} words of 64 bits; at most {MaxWords} are supported"
            ),
        };
}
