namespace Lazykick.Checking.Exploration;

/// <summary>What looks at a space while it is searched, and keeps of it what its front end is asked for.</summary>
internal interface ISearchObserver<T, TMove>
    where T : unmanaged, IState<T>
    where TMove : struct, ITransition<T>
{
    /// <summary>The search begins in a state.</summary>
    void Begin(in T state, int index);

    /// <summary>A state was found for the first time.</summary>
    /// <param name="state">The state.</param>
    /// <param name="index">Its number.</param>
    /// <param name="level">Its distance from the start, in moves.</param>
    /// <param name="by">The move that led to it.</param>
    void Found(in T state, int index, int level, in TMove by);

    /// <summary>
    /// All that can follow a state is known; called before <see cref="Found"/> for what is new among it.
    /// </summary>
    /// <param name="state">The state.</param>
    /// <param name="index">Its number.</param>
    /// <param name="level">Its distance from the start, in moves.</param>
    /// <param name="moves">What can follow; nothing where the machine stands.</param>
    void Expanded(in T state, int index, int level, ReadOnlySpan<TMove> moves);
}
