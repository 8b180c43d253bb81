using System.Globalization;
using System.Text;

namespace Lazykick.Traces.Names;

/// <summary>The cgroup of each task, where the trace has it.</summary>
public sealed class TaskCgroups
{
    // More tasks than any machine has at once; a damaged trace could invent any number.
    private const int MostTasks = 1 << 16;

    private readonly Dictionary<int, string> _paths = [];

    /// <summary>Number of tasks whose cgroup is known.</summary>
    public int Count => _paths.Count;

    /// <summary>The path of a task's cgroup below the root, or null.</summary>
    public string? Find(int pid) => _paths.GetValueOrDefault(pid);

    internal void Add(int pid, string path)
    {
        if (path.Length > 0 && (_paths.Count < MostTasks || _paths.ContainsKey(pid)))
            _paths[pid] = path;
    }

    /// <summary>Reads lines of a pid and a path.</summary>
    internal void AddLines(ReadOnlySpan<byte> text)
    {
        foreach (var line in Encoding.UTF8.GetString(text).Split('\n'))
        {
            var blank = line.IndexOf(' ', StringComparison.Ordinal);
            if (
                blank > 0
                && int.TryParse(line.AsSpan(0, blank), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
            )
            {
                Add(pid, line[(blank + 1)..].Trim());
            }
        }
    }
}
