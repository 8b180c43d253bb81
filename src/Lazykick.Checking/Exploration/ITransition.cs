namespace Lazykick.Checking.Exploration;

/// <summary>
/// One way on from a state, as the search sees it; what else there is to it is between a machine and its observer.
/// </summary>
internal interface ITransition<T>
{
    /// <summary>The state that it leads to.</summary>
    T Next { get; }

    /// <summary>The CPU that moves.</summary>
    int Cpu { get; }

    /// <summary>Nothing may count on it (rule M17).</summary>
    bool IsFree { get; }
}
