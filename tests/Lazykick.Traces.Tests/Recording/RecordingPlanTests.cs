using Lazykick.Traces.Recording;

namespace Lazykick.Traces.Tests.Recording;

public sealed class RecordingPlanTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("lazykick-plan").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void An_event_that_the_kernel_lacks_is_named_with_what_the_trace_will_not_tell()
    {
        var plan = Plan(RecordingPreset.Census, "csd/csd_queue_cpu", "power/cpu_idle");
        Assert.Equal(["csd:csd_queue_cpu", "power:cpu_idle"], plan.Events.Select(e => e.FullName));
        var sender = Assert.Single(plan.Missing, m => m.FullName == "ipi:ipi_send_cpu");
        Assert.Contains("who sends a kick", sender.Lost, StringComparison.Ordinal);
        Assert.DoesNotContain(plan.Missing, m => m.FullName == "power:cpu_idle");
    }

    [Fact]
    public void System_calls_are_left_out_where_context_tracking_tells_the_state()
    {
        string[] all = ["raw_syscalls/sys_enter", "raw_syscalls/sys_exit"];
        Assert.Equal(2, Plan(RecordingPreset.Census, all).Events.Count);
        var tracked = Plan(
            RecordingPreset.Census,
            [.. all, "context_tracking/user_enter", "context_tracking/user_exit"]
        );
        Assert.Equal(
            ["context_tracking:user_enter", "context_tracking:user_exit"],
            tracked.Events.Select(e => e.FullName)
        );
    }

    [Fact]
    public void Of_named_CPUs_sys_enter_stays_since_it_alone_tells_what_came_first()
    {
        var plan = Plan(
            RecordingPreset.Census,
            [2, 3],
            [
                "raw_syscalls/sys_enter",
                "raw_syscalls/sys_exit",
                "context_tracking/user_enter",
                "context_tracking/user_exit",
            ]
        );
        Assert.Equal(
            ["context_tracking:user_enter", "context_tracking:user_exit", "raw_syscalls:sys_enter"],
            plan.Events.Select(e => e.FullName)
        );
    }

    [Fact]
    public void Every_vector_that_the_kernel_has_is_taken_but_not_the_vector_allocator()
    {
        var plan = Plan(
            RecordingPreset.Census,
            "irq_vectors/thermal_apic_entry",
            "irq_vectors/thermal_apic_exit",
            "irq_vectors/vector_alloc_entry"
        );
        Assert.Equal(
            ["irq_vectors:thermal_apic_entry", "irq_vectors:thermal_apic_exit"],
            plan.Events.Select(e => e.FullName)
        );
    }

    [Fact]
    public void Deep_takes_the_system_calls_of_all_CPUs()
    {
        var plan = Plan(RecordingPreset.Deep, "raw_syscalls/sys_enter");
        Assert.Equal(EventScope.Everywhere, Assert.Single(plan.Events).Scope);
    }

    [Theory]
    [InlineData(EventScope.OnCpu, null, false, "CPU & CPUS{2,3}")]
    [InlineData(EventScope.OnCpu, null, true, "CPU == 2 || CPU == 3")]
    [InlineData(EventScope.ToCpu, "cpu", false, "cpu & CPUS{2,3}")]
    [InlineData(EventScope.ToCpu, "cpumask", false, "cpumask & CPUS{2,3}")]
    [InlineData(EventScope.ToCpu, "cpumask", true, null)]
    [InlineData(EventScope.Everywhere, null, false, null)]
    public void A_filter_keeps_what_concerns_the_recorded_CPUs(
        EventScope scope,
        string? field,
        bool plain,
        string? expected
    ) => Assert.Equal(expected, new PlannedEvent("a", "b", scope, field).Filter([2, 3], plain));

    [Fact]
    public void An_instance_whose_process_is_dead_is_swept_and_no_other()
    {
        var instances = Directory.CreateDirectory(Path.Combine(_root, "instances")).FullName;
        string[] names =
        [
            "lazykick-999999999-1",
            $"lazykick-{Environment.ProcessId}-{OwnStart()}",
            "lazykick-x",
            "other",
        ];
        foreach (var name in names)
            Directory.CreateDirectory(Path.Combine(instances, name));
        Assert.Equal(["lazykick-999999999-1"], Recorder.SweepDead(new Tracefs(_root)));
        Assert.Equal(
            names.Skip(1).Order(StringComparer.Ordinal),
            Directory.GetDirectories(instances).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal)
        );
    }

    private static string OwnStart()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs /proc");
        var stat = File.ReadAllText("/proc/self/stat");
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19];
    }

    private RecordingPlan Plan(RecordingPreset preset, params string[] events) => Plan(preset, null, events);

    private RecordingPlan Plan(RecordingPreset preset, IReadOnlyList<int>? cpus, string[] events)
    {
        var root = Path.Combine(_root, Guid.NewGuid().ToString());
        foreach (var name in events)
            Directory.CreateDirectory(Path.Combine(root, "events", name));
        return RecordingPlan.Of(new Tracefs(root), preset, cpus);
    }
}
