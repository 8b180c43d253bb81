namespace Lazykick.Checking.Tests.Axiomatic.Relations;

/// <summary>The axioms of a memory model, over one graph of effects.</summary>
internal interface IModel
{
    /// <summary>Whether the model has this execution; that it is internally visible is asked before.</summary>
    bool Admits(Execution execution);
}
