namespace Lazykick.Traces.Recording;

/// <summary>An event that this kernel has and a recording enables.</summary>
/// <param name="System">Subsystem in tracefs.</param>
/// <param name="Name">Name.</param>
/// <param name="Scope">Which occurrences.</param>
/// <param name="TargetField">The field that names the other CPU, for <see cref="EventScope.ToCpu"/>.</param>
public sealed record PlannedEvent(string System, string Name, EventScope Scope, string? TargetField)
{
    /// <summary>As tracefs spells it.</summary>
    public string FullName => $"{System}:{Name}";

    /// <summary>True for the entry of an interrupt.</summary>
    public bool IsInterruptEntry =>
        System == "irq_vectors" && Name.EndsWith("_entry", StringComparison.Ordinal)
        || FullName is "irq:irq_handler_entry" or "ipi:ipi_entry";

    /// <summary>True for the sending of a kick.</summary>
    public bool IsSend =>
        FullName is "ipi:ipi_send_cpu" or "ipi:ipi_send_cpumask" or "ipi:ipi_raise"
        || (System.StartsWith(KprobeSenders.Prefix, StringComparison.Ordinal) && Name is ("kick_cpu" or "kick_mask"));

    /// <summary>
    /// The filter in the kernel that keeps the occurrences which concern the CPUs; null if all are wanted.
    /// Documentation/trace/events.rst, section 5: the cpumask form needs Linux 6.6, the plain one works before it.
    /// </summary>
    /// <param name="cpus">The recorded CPUs; null = all.</param>
    /// <param name="plain">Without cpumask operators, for older kernels.</param>
    public string? Filter(IReadOnlyList<int>? cpus, bool plain)
    {
        if (cpus is null || Scope == EventScope.Everywhere)
            return null;
        var field = Scope == EventScope.OnCpu ? "CPU" : TargetField!;
        if (!plain)
            return $"{field} & CPUS{{{string.Join(',', cpus)}}}";
        // A mask has no plain form: the kernel then records every kick to several CPUs.
        return field is "cpumask" or "target_cpus"
            ? null
            : string.Join(" || ", cpus.Select(cpu => $"{field} == {cpu}"));
    }
}
