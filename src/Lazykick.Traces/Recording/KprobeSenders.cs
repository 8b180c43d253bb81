using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Lazykick.Traces.Recording;

/// <summary>
/// Kprobes at the kernel's senders of kicks, for kernels before Linux 6.4, which have no events of them. They live in a
/// group of their own (kernel/trace/trace_kprobe.c, Documentation/trace/kprobetrace.rst), whose name has the process
/// and its start, so that a later run can tell a group whose owner has died.
/// </summary>
internal sealed class KprobeSenders : IDisposable
{
    /// <summary>Begins the names of all groups.</summary>
    public const string Prefix = "lazykick_";

    private const string File = "kprobe_events";

    private static readonly Version s_callsNameTheirFunction = new(5, 8);

    private readonly Tracefs _tracefs;
    private readonly List<string> _names = [];

    private KprobeSenders(Tracefs tracefs, string group) => (_tracefs, Group) = (tracefs, group);

    /// <summary>The group in tracefs.</summary>
    public string Group { get; }

    /// <summary>The events to enable.</summary>
    public IReadOnlyList<PlannedEvent> Events =>
        [
            .. _names.Select(name =>
                name is "kick_mask" or "send_mask"
                    ? new PlannedEvent(Group, name, EventScope.Everywhere, null)
                    : new PlannedEvent(Group, name, EventScope.ToCpu, "cpu")
            ),
        ];

    /// <summary>True if events of the kernel itself tell who sends a kick, and what it is for.</summary>
    public static bool AreNeedless(Tracefs tracefs) =>
        tracefs.Has("ipi", "ipi_send_cpu") || tracefs.Has("csd", "csd_queue_cpu");

    /// <summary>True if this kernel has kprobes as events.</summary>
    public static bool ArePossible(Tracefs tracefs) => System.IO.File.Exists(Path.Combine(tracefs.Root, File));

    /// <summary>Sets the kprobes that this kernel takes.</summary>
    /// <param name="tracefs">Where.</param>
    /// <param name="notes">Gets what it does not take.</param>
    /// <returns>Null where nothing can be told by kprobes; then nothing is left behind.</returns>
    public static KprobeSenders? Create(Tracefs tracefs, List<string> notes)
    {
        if (!ArePossible(tracefs))
        {
            notes.Add("this kernel has no kprobe_events (CONFIG_KPROBE_EVENTS): kprobes cannot stand in for its "
                + "senders");
            return null;
        }

        var own = OwnerName.Of(Prefix, '_');
        var group = own;
        for (var i = 1; Directory.Exists(Path.Combine(tracefs.Events, group)); i++)
            group = string.Create(CultureInfo.InvariantCulture, $"{own}_{i}");
        var senders = new KprobeSenders(tracefs, group);
        var kernel = Environment.OSVersion.Version;
        var refused = new List<string>();
        foreach (var alternatives in Lines(group, tracefs.PossibleCpus, RuntimeInformation.OSArchitecture, kernel))
        {
            if (alternatives.FirstOrDefault(line => TryWrite(tracefs, line)) is { } taken)
                senders.Add(NameIn(taken));
            else
                refused.Add(alternatives[0].Split(' ')[1]);
        }

        if (refused.Count > 0)
            notes.Add($"the kernel takes no kprobe at: {string.Join(", ", refused)}");
        if (senders._names.Contains("kick_cpu") && senders._names.Contains("kick_mask"))
        {
            notes.Add($"senders are told by kprobes of the group {group}: this kernel has no events of them");
            return senders;
        }

        senders.Dispose();
        return null;
    }

    /// <summary>Removes the kprobes of recorders that have died; their instances must be gone.</summary>
    /// <returns>The groups.</returns>
    public static IReadOnlyList<string> SweepDead(Tracefs tracefs)
    {
        var swept = new SortedSet<string>(StringComparer.Ordinal);
        var lines = Encoding.UTF8.GetString(tracefs.ReadOrNothing(File)).Split('\n');
        foreach (var name in lines.Select(NameWithGroup).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            var group = name[..name.IndexOf('/', StringComparison.Ordinal)];
            if (OwnerName.IsDead(group, Prefix, '_') && TryWrite(tracefs, "-:" + name))
                swept.Add(group);
        }

        return [.. swept];
    }

    /// <summary>Takes the kprobes away; the instance that has them enabled must be gone.</summary>
    public void Dispose()
    {
        foreach (var name in _names)
            TryWrite(_tracefs, $"-:{Group}/{name}");
        _names.Clear();
    }

    /// <summary>
    /// What to write, by place; of the forms for one place the first that the kernel takes. Arguments as the functions
    /// have them: kernel/smp.c and arch/x86/kernel/{smp.c,apic/ipi.c}, v4.18 to v6.3.
    /// </summary>
    internal static IReadOnlyList<string[]> Lines(
        string group,
        int cpus,
        Architecture architecture,
        Version kernel
    )
    {
        string Line(string name, string place, params string[] fields) =>
            $"p:{group}/{name} {place} {string.Join(' ', fields)}";
        var (first, second, third, fifth, caller) =
            architecture == Architecture.Arm64
                ? ("%x0", "%x1", "%x2", "%x4", "site=%x30:x64")
                : ("%di", "%si", "%dx", "%r8", "site=+0(%sp):x64");
        string[] mask =
        [
            .. Enumerable
                .Range(0, Math.Clamp((cpus + 63) / 64, 1, 4))
                .Select(word =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"mask{(word == 0 ? "" : word)}=+{8 * word}({first}):x64"
                    )
                ),
        ];
        string[] queued = [$"cpu={first}:s32", $"func=+16({second}):x64", $"flags=+8({second}):x32", caller];
        string[] before58 = [$"cpu={first}:s32", $"func={third}:x64", caller];
        string[] many = [.. mask, $"func={second}:x64"];
        var lines = new List<string[]>();
        // Since 5.8 what is queued names its function, and lists of wake-ups are queued beside functions.
        if (kernel >= s_callsNameTheirFunction)
        {
            lines.Add([Line("kick_cpu", "__smp_call_single_queue", queued)]);
            lines.Add([Line("kick_cpu", "generic_exec_single", queued)]);
        }
        else
        {
            lines.Add([Line("kick_cpu", "generic_exec_single", before58)]);
        }

        lines.Add([
            Line("kick_mask", "smp_call_function_many_cond", [.. many, $"cond={fifth}:x64", caller]),
            Line("kick_mask", "smp_call_function_many", [.. many, caller]),
        ]);
        // On arm64 ipi:ipi_raise tells what is sent.
        if (architecture != Architecture.Arm64)
        {
            lines.Add([Line("send_cpu", "native_send_call_func_single_ipi", $"cpu={first}:s32")]);
            lines.Add([Line("send_mask", "native_send_call_func_ipi", mask)]);
            lines.Add([Line("send_resched", "native_smp_send_reschedule", $"cpu={first}:s32")]);
        }

        return lines;
    }

    private void Add(string name)
    {
        if (!_names.Contains(name))
            _names.Add(name);
    }

    private static string NameIn(string line) =>
        line[(line.IndexOf('/', StringComparison.Ordinal) + 1)..].Split(' ')[0];

    /// <summary>
    /// GROUP/NAME of a line of ours in kprobe_events, which begins with p and, since 5.x, with a limit.
    /// </summary>
    private static string? NameWithGroup(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || !line.AsSpan(colon + 1).StartsWith(Prefix, StringComparison.Ordinal))
            return null;
        var name = line[(colon + 1)..].Split(' ')[0];
        return name.Contains('/', StringComparison.Ordinal) ? name : null;
    }

    private static bool TryWrite(Tracefs tracefs, string line)
    {
        try
        {
            // Without truncation: that would remove the kprobes of everybody.
            using var handle = System.IO.File.OpenHandle(
                Path.Combine(tracefs.Root, File),
                FileMode.Open,
                FileAccess.Write,
                FileShare.ReadWrite
            );
            RandomAccess.Write(handle, Encoding.ASCII.GetBytes(line + "\n"), 0);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
