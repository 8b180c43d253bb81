namespace Lazykick.Checking.Exploration;

/// <summary>The levels of a search as ranges of numbers of states.</summary>
internal static class Levels
{
    /// <summary>The level of a state.</summary>
    /// <param name="starts">Numbers of the first states of each level; a level without states starts where the next one
    /// does.</param>
    /// <param name="state">Number of the state.</param>
    public static int Of(IReadOnlyList<int> starts, int state)
    {
        var (low, high) = (0, starts.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = starts[middle] <= state ? (middle, high) : (low, middle - 1);
        }

        return low;
    }
}
