using Lazykick.Checking.Moves;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Properties;

/// <summary>What a search met on its way: without it, that a property was never violated says nothing.</summary>
internal interface IEvidence
{
    /// <summary>The scheme.</summary>
    Scheme Scheme { get; }

    /// <summary>Some CPU was in state <c>eqs</c>.</summary>
    bool EqsIsVisited { get; }

    /// <summary>Some execution makes a move of this kind.</summary>
    bool IsTaken(Func<Move, bool> kind);

    /// <summary>Some execution takes a step of this kind, also within a <c>together</c>.</summary>
    bool IsTaken<TStep>(Func<TStep, bool> kind)
        where TStep : Step;

    /// <summary>In some execution a kick returns for a thing of this kind.</summary>
    bool HasReturnedFor(Func<string, bool> kind);
}
