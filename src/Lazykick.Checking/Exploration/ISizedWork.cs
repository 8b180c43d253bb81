namespace Lazykick.Checking.Exploration;

/// <summary>Work that is compiled for each size of a state.</summary>
internal interface ISizedWork<TResult>
{
    /// <summary>Does the work with states of a type.</summary>
    TResult Run<T>()
        where T : unmanaged, IPacked<T>;
}
