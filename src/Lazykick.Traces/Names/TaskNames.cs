using System.Buffers.Text;
using System.Text;

namespace Lazykick.Traces.Names;

/// <summary>
/// Command names of tasks, and thread groups where the trace has them (saved_cmdlines, saved_tgids, COMM records).
/// </summary>
public sealed class TaskNames
{
    private readonly Dictionary<int, string> _names = new() { [0] = "<idle>" };
    private readonly Dictionary<int, int> _groups = [];

    /// <summary>Number of tasks with a name, the idle task among them.</summary>
    public int Count => _names.Count;

    /// <summary>All tasks with a name, by pid, in no order.</summary>
    public IReadOnlyDictionary<int, string> All => _names;

    /// <summary>The command name of a task, or null. The idle task (pid 0) is <c>&lt;idle&gt;</c>.</summary>
    public string? Find(int pid) => _names.GetValueOrDefault(pid);

    /// <summary>The thread group (process) of a task, or null where the trace does not say.</summary>
    public int? FindGroup(int pid) => _groups.TryGetValue(pid, out var group) ? group : null;

    /// <summary>
    /// Adds a name that an event told (sched_switch, sched_process_exec); the newest name of a pid counts.
    /// </summary>
    public void Set(int pid, string name)
    {
        if (pid != 0)
            _names[pid] = name;
    }

    internal void SetGroup(int pid, int group) => _groups[pid] = group;

    /// <summary>Reads the text of saved_cmdlines: a pid and a name a line; the name may have spaces.</summary>
    internal void AddCommandLines(ReadOnlySpan<byte> text)
    {
        foreach (var range in text.Split((byte)'\n'))
        {
            var line = text[range];
            if (
                Utf8Parser.TryParse(line, out int pid, out var length)
                && line.Length > length + 1
                && line[length] == ' '
            )
            {
                Set(pid, Encoding.UTF8.GetString(line[(length + 1)..].TrimEnd((byte)0)));
            }
        }
    }

    /// <summary>Reads the text of saved_tgids: a pid and its thread group a line.</summary>
    internal void AddGroups(ReadOnlySpan<byte> text)
    {
        foreach (var range in text.Split((byte)'\n'))
        {
            var line = text[range];
            if (
                Utf8Parser.TryParse(line, out int pid, out var length)
                && line.Length > length + 1
                && Utf8Parser.TryParse(line[(length + 1)..], out int group, out _)
            )
            {
                SetGroup(pid, group);
            }
        }
    }
}
