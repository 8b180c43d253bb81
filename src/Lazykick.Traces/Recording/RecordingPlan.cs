namespace Lazykick.Traces.Recording;

/// <summary>What a recording will take on this machine, and what the machine cannot tell.</summary>
public sealed class RecordingPlan
{
    private RecordingPlan(IReadOnlyList<PlannedEvent> events, IReadOnlyList<WantedEvent> missing)
    {
        Events = events;
        Missing = missing;
    }

    /// <summary>The events to enable, each once.</summary>
    public IReadOnlyList<PlannedEvent> Events { get; }

    /// <summary>Wanted events that this kernel does not have, with what is lost.</summary>
    public IReadOnlyList<WantedEvent> Missing { get; }

    /// <summary>True if a kernel event tells when a CPU enters and leaves user mode.</summary>
    public bool HasStateEvents => Events.Any(e => e.FullName is "context_tracking:user_exit" or "rcu:rcu_watching");

    /// <summary>True if neither ipi_send_cpu nor csd_queue_cpu tells who sends a kick (before Linux 6.4).</summary>
    /// <param name="tracefs">Where.</param>
    public static bool NeedsKprobes(Tracefs tracefs) => !KprobeSenders.AreNeedless(tracefs);

    /// <summary>True if the kernel takes kprobes as events; whether this user may, an attempt shows.</summary>
    /// <param name="tracefs">Where.</param>
    public static bool HasKprobes(Tracefs tracefs) => KprobeSenders.ArePossible(tracefs);

    /// <summary>True for an event for which kprobes stand in.</summary>
    /// <param name="missing">An event that the kernel lacks.</param>
    public static bool IsToldByKprobes(WantedEvent missing)
    {
        ArgumentNullException.ThrowIfNull(missing);
        return missing.FullName is "ipi:ipi_send_cpu" or "ipi:ipi_send_cpumask" or "csd:csd_queue_cpu";
    }

    /// <summary>The same with kprobes for what the kernel itself does not tell of senders.</summary>
    internal RecordingPlan With(KprobeSenders probes) =>
        new(
            [.. Events, .. probes.Events],
            [
                .. Missing.Where(static missing => !IsToldByKprobes(missing)),
            ]
        );

    /// <summary>Finds out what the kernel has.</summary>
    /// <param name="tracefs">Where.</param>
    /// <param name="preset">How much.</param>
    /// <param name="cpus">The recorded CPUs; null = all.</param>
    /// <param name="namesCauses">As <see cref="RecordingOptions.NamesCauses"/>.</param>
    public static RecordingPlan Of(
        Tracefs tracefs,
        RecordingPreset preset,
        IReadOnlyList<int>? cpus = null,
        bool namesCauses = false
    )
    {
        ArgumentNullException.ThrowIfNull(tracefs);
        var upTo = namesCauses && preset == RecordingPreset.Census ? RecordingPreset.Exact : preset;
        var events = new Dictionary<string, PlannedEvent>(StringComparer.Ordinal);
        var missing = new List<WantedEvent>();
        foreach (var wanted in WantedEvents.All.Where(w => w.From <= upTo))
        {
            var names = Names(tracefs, wanted);
            foreach (var name in names)
            {
                // The widest scope wins: a later entry of the table widens an earlier one.
                var planned = new PlannedEvent(wanted.System, name, wanted.Scope, wanted.TargetField);
                events[planned.FullName] = planned;
            }

            if (names.Count == 0 && wanted.Lost.Length > 0)
                missing.Add(wanted);
        }

        if (preset == RecordingPreset.Census && events.ContainsKey("context_tracking:user_exit"))
        {
            // Context tracking tells the state; system calls would cost a hundred times as much. Only sys_enter tells
            // whether an interrupt or the task's own call came first, and of a few isolated CPUs it is rare.
            events.Remove("raw_syscalls:sys_exit");
            if (cpus is null)
                events.Remove("raw_syscalls:sys_enter");
        }

        return new RecordingPlan([.. events.Values], missing);
    }

    private static IReadOnlyList<string> Names(Tracefs tracefs, WantedEvent wanted)
    {
        if (!wanted.Name.StartsWith('*'))
            return tracefs.Has(wanted.System, wanted.Name) ? [wanted.Name] : [];
        // vector_* speak of the vector allocator, not of an interrupt.
        return
        [
            .. tracefs
                .EventsOf(wanted.System)
                .Where(n =>
                    n.EndsWith(wanted.Name[1..], StringComparison.Ordinal)
                    && !n.StartsWith("vector_", StringComparison.Ordinal)
                ),
        ];
    }
}
