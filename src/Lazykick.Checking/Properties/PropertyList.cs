using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Properties;

/// <summary>Every property of docs/reference/machine.md, and those that a scheme asserts.</summary>
public static class PropertyList
{
    /// <summary>Most properties of a scheme: a move says with a bit each which ones it violates.</summary>
    internal const int Most = 32;

    /// <summary>Those of docs/reference/machine.md, in the order in which they are shown.</summary>
    public static IReadOnlyList<Property> All { get; } =
    [
        new S1Text(),
        new S1Windows(),
        new S2Data(),
        new S3Objects(),
        new S4Messages(),
        new S5aSends(),
        new S5bArrivals(),
        new S6Rcu(),
        new S7Registers(),
        new S8Return(),
        new S9Translations(),
    ];

    /// <summary>
    /// Those that a scheme states: of docs/reference/machine.md what its steps bring in, and what it asserts.
    /// </summary>
    /// <param name="scheme">The scheme.</param>
    public static IReadOnlyList<Property> Of(Scheme scheme)
    {
        ArgumentNullException.ThrowIfNull(scheme);
        var asserted = scheme.AllSteps().OfType<AssertStep>().GroupBy(s => s.Property, StringComparer.Ordinal).ToList();
        var known = All.Where(p => p.WhyNotStated(scheme) is null || asserted.Any(a => a.Key == p.Id)).ToList();
        var own = asserted.Where(a => Find(a.Key) is null).Select(a => new AssertedProperty(a.Key, a.First().Message));
        return [.. known, .. own];
    }

    /// <summary>A property by its name, or null if the scheme neither states nor asserts it.</summary>
    /// <param name="scheme">The scheme.</param>
    /// <param name="id">The name.</param>
    public static Property? Find(Scheme scheme, string id) => Of(scheme).FirstOrDefault(p => p.Id == id);

    /// <summary>One of docs/reference/machine.md by its name, or null.</summary>
    /// <param name="id">The name.</param>
    public static Property? Find(string id) => All.FirstOrDefault(p => p.Id == id);

    /// <summary>
    /// Does a scheme claim that a property holds: it says so, or says nothing and the property is one that counts then.
    /// </summary>
    /// <param name="scheme">The scheme.</param>
    /// <param name="id">The property's name.</param>
    public static bool IsPromised(Scheme scheme, string id)
    {
        ArgumentNullException.ThrowIfNull(scheme);
        return scheme.Promises.Count > 0 ? scheme.Promises.Contains(id) : Find(id)?.IsPromisedByDefault ?? true;
    }
}
