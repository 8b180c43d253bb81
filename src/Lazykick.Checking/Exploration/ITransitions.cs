namespace Lazykick.Checking.Exploration;

/// <summary>
/// A machine as the search sees it: where it begins and what can follow. Schemes and litmus tests are two of them.
/// </summary>
internal interface ITransitions<T, TMove>
    where T : unmanaged, IState<T>
    where TMove : struct, ITransition<T>
{
    /// <summary>Number of CPUs.</summary>
    int Cpus { get; }

    /// <summary>The machine cannot represent what it found: the search is to be begun again with another.</summary>
    bool IsInVain { get; }

    /// <summary>The states in which the search begins.</summary>
    T[] InitialStates();

    /// <summary>Everything that can follow a state.</summary>
    /// <param name="state">The state.</param>
    /// <param name="into">Receives it; grown as needed.</param>
    /// <returns>How much.</returns>
    int Expand(in T state, ref TMove[] into);
}
