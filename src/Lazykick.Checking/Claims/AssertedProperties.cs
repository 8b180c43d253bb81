using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Claims;

/// <summary>The properties that a scheme adds with <c>assert ... for P</c>.</summary>
internal static class AssertedProperties
{
    public static IEnumerable<string> Of(Scheme scheme)
    {
        BlockDeclaration[] blocks = [.. scheme.Routines.Values, .. scheme.Paths.Values, .. scheme.Kicks.Values];
        return blocks.SelectMany(b => Of(b.Body)).Distinct(StringComparer.Ordinal);
    }

    private static IEnumerable<string> Of(IReadOnlyList<Step> steps) => steps.SelectMany(Of);

    private static IEnumerable<string> Of(Step step) => step switch
    {
        AssertStep s => [s.Property],
        WhenStep s => Of(s.Then).Concat(Of(s.Else)),
        EitherStep s => s.Branches.SelectMany(Of),
        RepeatStep s => Of(s.Body),
        ForStep s => Of(s.Body),
        SectionStep s => Of(s.Body),
        TogetherStep s => Of(s.Body),
        _ => [],
    };
}
