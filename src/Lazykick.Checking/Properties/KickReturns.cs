using Lazykick.Checking.Moves;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Properties;

/// <summary>What kicks return for: <c>kick NAME returns a, b</c>.</summary>
internal static class KickReturns
{
    /// <summary>Some kick returns for a thing of this kind.</summary>
    public static bool Any(Scheme scheme, Func<string, bool> isOfKind) => Names(scheme).Any(isOfKind);

    /// <summary>The variables in memory that some kick returns for, every CPU's instance.</summary>
    public static IEnumerable<Field> Variables(Scheme scheme, SystemFields fields)
    {
        var names = Names(scheme).ToHashSet(StringComparer.Ordinal);
        return fields.Variables(scheme).Where(v => names.Contains(v.Variable.Name)).Select(v => v.Field);
    }

    /// <summary>The messages that some kick returns for, by their number.</summary>
    public static IEnumerable<int> Messages(Scheme scheme) =>
        Names(scheme)
            .Distinct(StringComparer.Ordinal)
            .Select(n => scheme.Messages.ToList().IndexOf(n))
            .Where(m => m >= 0);

    private static IEnumerable<string> Names(Scheme scheme) =>
        scheme.AllSteps().OfType<KickStep>().SelectMany(s => s.Returns).Select(r => r.Name);
}
