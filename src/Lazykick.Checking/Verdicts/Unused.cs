using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Verdicts;

/// <summary>What is written in a scheme and belongs to nothing that was explored, whatever the knobs.</summary>
internal static class Unused
{
    public static IEnumerable<string> In(Scheme scheme)
    {
        var cast = scheme.Cast.Select(r => scheme.Roles[r]).ToList();
        var taken = cast.SelectMany(r => r.Takes).Select(t => t.Path.Text).ToHashSet(StringComparer.Ordinal);
        var paths = scheme.Paths.Keys.Where(p => !taken.Contains(p)).ToList();
        if (paths.Count > 0)
            yield return $"taken by no role: {string.Join(", ", paths)}";
        var called = scheme.AllSteps().OfType<CallStep>().Where(c => !c.Opaque).Select(c => c.Name);
        var routines = scheme.Routines.Keys.Except(called, StringComparer.Ordinal).ToList();
        if (routines.Count > 0)
            yield return $"called by nobody: {string.Join(", ", routines)}";
        if (scheme.NeverGiven.Count > 0)
            yield return $"nobody gives values to the parameters of: {string.Join(", ", scheme.NeverGiven)}";
        foreach (
            var test in scheme.AllSteps().OfType<WhenStep>().Where(w => w.Condition is NumberExpression { Value: 0 })
        )
        {
            yield return $"never true: 'when {test.Condition.Span.Text}' at "
                + $"{Path.GetFileName(test.Span.Source.Path)}:{test.Span.Line}";
        }

        var began = scheme.AllSteps().OfType<KickStep>().Select(k => k.Name);
        var kicks = scheme.Kicks.Keys.Except(began, StringComparer.Ordinal).ToList();
        if (kicks.Count > 0)
            yield return $"kicks that nobody begins: {string.Join(", ", kicks)}";
    }
}
