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
    /// <param name="skips">Whether a target in this state is left out. It is not asked about
    /// <see cref="CpuState.Unknown"/>.</param>
    /// <param name="warning">What speaks against the scheme, for example the race that the checker found; null for
    /// nothing.</param>
    public SkipRule(string name, IEnumerable<string> serves, Predicate<CpuState> skips, string? warning = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(serves);
        ArgumentNullException.ThrowIfNull(skips);
        Name = name;
        Serves = [.. serves];
        Skips = [.. Enum.GetValues<CpuState>().Where(state => state != CpuState.Unknown && skips(state))];
        Warning = warning;
    }

    /// <summary>Name of the scheme.</summary>
    public string Name { get; }

    /// <summary>The classes of kicks that it serves.</summary>
    public IReadOnlyList<string> Serves { get; }

    /// <summary>The states of the target at the sending in which no interrupt is sent.</summary>
    public IReadOnlyList<CpuState> Skips { get; }

    /// <summary>What speaks against the scheme, or null.</summary>
    public string? Warning { get; }

    internal bool CanServe(string kickClass) => Serves.Contains(kickClass, StringComparer.Ordinal);
}
