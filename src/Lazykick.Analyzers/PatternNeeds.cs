using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Lazykick.Analyzers;

/// <summary>What the variables of a pattern need.</summary>
internal static class PatternNeeds
{
    /// <summary><c>is var x</c>, <c>is { } x</c>, <c>is { Value: var x }</c>.</summary>
    public static void Match(IPatternOperation pattern, IOperation value, HashSet<object> needs, ScopeState state)
    {
        switch (pattern)
        {
            case IDeclarationPatternOperation { DeclaredSymbol: { } variable }:
                state.Assign(variable, needs);
                break;
            case INegatedPatternOperation negated:
                Match(negated.Pattern, value, needs, state);
                break;
            case IRecursivePatternOperation recursive:
                if (recursive.DeclaredSymbol is { } whole)
                    state.Assign(whole, needs);
                foreach (var part in recursive.PropertySubpatterns)
                {
                    if (part.Member is IMemberReferenceOperation member)
                        Match(part.Pattern, member, NeedsOfPart(member, value, needs, state), state);
                }

                break;
        }
    }

    private static HashSet<object> NeedsOfPart(
        IMemberReferenceOperation part,
        IOperation whole,
        HashSet<object> needs,
        ScopeState state
    )
    {
        if (Names.Is(part.Member.ContainingType, Names.Pin))
            return state.PinOf(Openings.Unconverted(whole)) is { } pin ? [pin] : [];
        return Names.IsProtected(part.Member) || part.Type is { IsRefLikeType: true } ? needs : [];
    }
}
