using Lazykick.Traces.Kicks;
using Lazykick.Traces.States;

namespace Lazykick.Traces.Pricing;

/// <summary>
/// The policy of a scheme as a trace sees it: which kicks it serves and in which states of the target it does without
/// the interrupt.
/// </summary>
public sealed class SkipRule
{
    /// <param name="name">Name of the scheme.</param>
    /// <param name="serves">Classes of kicks that the scheme serves (<see cref="KickFunction.KickClass"/>).</param>
    /// <param name="skips">
    /// Whether a target in this state is left out. It is not asked about <see cref="CpuState.Unknown"/>.
    /// </param>
    public SkipRule(string name, IEnumerable<string> serves, Predicate<CpuState> skips)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(serves);
        ArgumentNullException.ThrowIfNull(skips);
        Name = name;
        Serves = [.. serves];
        Skips = [.. Enum.GetValues<CpuState>().Where(state => state != CpuState.Unknown && skips(state))];
    }

    /// <summary>Name of the scheme.</summary>
    public string Name { get; }

    /// <summary>The classes of kicks that it serves.</summary>
    public IReadOnlyList<string> Serves { get; }

    /// <summary>The states of the target at the sending in which no interrupt is sent.</summary>
    public IReadOnlyList<CpuState> Skips { get; }

    /// <summary>The architecture of the scheme (arm64, x86_64, powerpc).</summary>
    /// <value>Default: null, it is about none.</value>
    public string? Arch { get; init; }

    /// <summary>The race that the checker finds in the scheme.</summary>
    /// <value>Default: null, none is known.</value>
    public Refutation? Refutation { get; init; }

    /// <summary>The checker's verdict on the scheme is known.</summary>
    /// <value>Default: true.</value>
    public bool IsChecked { get; init; } = true;

    /// <summary>What the scheme leaves out, in one comparable text: rules of the same policy cost the same.</summary>
    public string Policy => $"{string.Join(' ', Serves.Order(StringComparer.Ordinal))}: {string.Join(' ', Skips)}";

    internal bool CanServe(string kickClass) => Serves.Contains(kickClass, StringComparer.Ordinal);
}
