namespace Lazykick.Checking.Exploration;

/// <summary>
/// One move on from a state, as the search sees it; what else there is to it is between a machine and its observer.
/// </summary>
internal interface ITransition<T> : IStep
{
    /// <summary>The state that it leads to.</summary>
    T Next { get; }
}
