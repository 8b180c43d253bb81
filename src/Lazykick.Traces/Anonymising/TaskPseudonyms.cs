using System.Globalization;
using System.Text;
using Lazykick.Traces.Files;
using Lazykick.Traces.Names;

namespace Lazykick.Traces.Anonymising;

/// <summary>
/// Other names for tasks: one for each name. Threads of the kernel keep theirs, which the analysis knows them by.
/// </summary>
internal sealed class TaskPseudonyms(TraceFile trace)
{
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<int> _pids = [];

    /// <summary>A pid that occurs: its name is written.</summary>
    public void Saw(int pid)
    {
        if (pid > 0)
            _pids.Add(pid);
    }

    public string Of(string name)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        if (name.Length == 0 || name == "<idle>" || KernelThreads.IsName(bytes))
            return name;
        if (!_names.TryGetValue(name, out var other))
        {
            other = string.Create(CultureInfo.InvariantCulture, $"task-{_names.Count + 1}");
            _names.Add(name, other);
        }

        return other;
    }

    /// <summary>The names of the pids seen, as saved_cmdlines has them.</summary>
    public byte[] SavedCommandLines()
    {
        var text = new StringBuilder();
        foreach (var pid in _pids.Order())
        {
            if (trace.TaskNames.Find(pid) is { } name)
                text.Append(CultureInfo.InvariantCulture, $"{pid} {Of(name)}\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
