using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Schemes.Linting;

/// <summary>Which path takes which exception, from where.</summary>
public static class Handlers
{
    /// <summary>The kinds of exceptions, as a scheme writes them.</summary>
    public static IReadOnlyList<(Trigger Trigger, string Word)> Kinds { get; } =
    [
        (Trigger.Irq, "irq"),
        (Trigger.Fiq, "fiq"),
        (Trigger.Nmi, "nmi"),
        (Trigger.Debug, "debug"),
        (Trigger.Brk, "brk"),
        (Trigger.SError, "serror"),
    ];

    /// <summary>The paths of one kind that begin at a place, or in the kernel; those of every role together.</summary>
    /// <param name="scheme">The scheme or base.</param>
    /// <param name="trigger">The kind.</param>
    /// <param name="from">A place, <c>user</c> or <c>kernel</c>.</param>
    public static IEnumerable<string> Of(Scheme scheme, Trigger trigger, string from)
    {
        ArgumentNullException.ThrowIfNull(scheme);
        return scheme.Paths.Values.Where(p => p.Trigger == trigger && p.From == from).Select(p => p.Name);
    }

    /// <summary>The kinds that a path of one role takes from there, whatever the knobs.</summary>
    internal static IEnumerable<Trigger> TakenBy(Scheme scheme, RoleDeclaration role, string from) =>
        role
            .Takes.Select(t => role.PathValues.TryGetValue(t.Path.Text, out var given) ? given.Path : t.Path.Text)
            .Select(p => scheme.Paths.GetValueOrDefault(p))
            .OfType<PathDeclaration>()
            .Where(p => p.From == from)
            .Select(p => p.Trigger);
}
