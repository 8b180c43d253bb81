using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Schemes.Loading;

/// <summary>What names mean at one place of a scheme.</summary>
/// <param name="Scheme">The scheme.</param>
/// <param name="CpuNames">Loop variables.</param>
/// <param name="Access">Which names may be used.</param>
internal sealed record Scope(Scheme Scheme, IReadOnlyList<string> CpuNames, Access Access)
{
    public Scope With(string cpu) => this with { CpuNames = [.. CpuNames, cpu] };

    public Scope Allowing(Access access) => this with { Access = access };

    /// <summary>Flags that roles carry.</summary>
    public IEnumerable<string> Flags =>
        Scheme.Roles.Values.SelectMany(r => r.Flags).Select(f => f.Text).Distinct(StringComparer.Ordinal);

    public IEnumerable<string> KnownNames =>
        [
            .. CpuNames,
            "self",
            "others",
            "all",
            .. Flags,
            .. Scheme.Variables.Keys,
            .. Scheme.Knobs.Keys,
            .. Scheme.States.Keys,
            .. Scheme.Texts.Keys,
            .. Access is Access.Start or Access.Places ? Scheme.Places.Keys.Append("user") : [],
        ];

    /// <summary>The names that <c>discover</c> can find.</summary>
    public IReadOnlyList<string> Interrupts => ["none", "device", .. Scheme.Messages];

    public static ValueKind KindOf(Scope scope, VariableType type) =>
        type switch
        {
            SetType => ValueKind.Set,
            EnumType e => new ValueKind(ValueCategory.Name, e.Names),
            IrqType => new ValueKind(ValueCategory.Name, scope.Interrupts),
            LockType => new ValueKind(ValueCategory.Name, ["free"]),
            QueueType q => new ValueKind(ValueCategory.Name, ["empty"])
            {
                Entry = KindOf(scope, q.Element),
                Length = q.Length,
            },
            _ => ValueKind.Number,
        };
}

/// <summary>Which names an expression may use.</summary>
internal enum Access
{
    /// <summary>Knobs and role flags: decided before the run.</summary>
    Knobs,

    /// <summary>Places too, for values at the start: the place where a CPU starts.</summary>
    Start,

    /// <summary>Everything that a CPU can read.</summary>
    Machine,

    /// <summary>Ghosts too.</summary>
    Ghosts,

    /// <summary>Places too: what only an observer sees.</summary>
    Places,
}
