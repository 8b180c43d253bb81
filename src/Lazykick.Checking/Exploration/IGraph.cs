namespace Lazykick.Checking.Exploration;

/// <summary>
/// A space that was searched level by level: states by number, in the order in which they were found.
/// </summary>
internal interface IGraph<TMove>
    where TMove : struct, IStep
{
    /// <summary>Number of CPUs.</summary>
    int Cpus { get; }

    /// <summary>Numbers of the first states of each level, and the number of states that were expanded.</summary>
    IReadOnlyList<int> LevelStarts { get; }

    /// <summary>What can follow a state, and the numbers of the states that follow.</summary>
    IReadOnlyList<(TMove Move, int State)> Successors(int state);

    /// <summary>Does a state follow that is asked for, by its number and the weight of the step to it?</summary>
    bool LeadsTo(int state, Func<int, int, bool> isAskedFor);
}
