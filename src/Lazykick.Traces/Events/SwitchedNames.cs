using System.Buffers.Binary;
using System.Text;

namespace Lazykick.Traces.Events;

/// <summary>The task names that the scheduler's events of one CPU tell; the newest name of a task counts.</summary>
internal sealed class SwitchedNames
{
    /// <summary>The length of a name in sched_switch: TASK_COMM_LEN.</summary>
    public const int NameLength = 16;

    private const int MostNames = 4096;

    private readonly Dictionary<int, (ulong Low, ulong High)> _names = [];

    /// <summary>Names by task.</summary>
    public IEnumerable<KeyValuePair<int, string>> All
    {
        get
        {
            foreach (var (pid, (low, high)) in _names)
                yield return new KeyValuePair<int, string>(pid, TextOf(low, high));
        }
    }

    public void Add(int pid, ReadOnlySpan<byte> name)
    {
        if (_names.Count < MostNames || _names.ContainsKey(pid))
        {
            _names[pid] = (
                BinaryPrimitives.ReadUInt64LittleEndian(name),
                BinaryPrimitives.ReadUInt64LittleEndian(name[8..])
            );
        }
    }

    private static string TextOf(ulong low, ulong high)
    {
        Span<byte> bytes = stackalloc byte[NameLength];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, low);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], high);
        var end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }
}
