using Lazykick.Checking.Exploration;
using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Machines;

/// <summary>
/// Whose each bit of a state is. What only one CPU reads or writes is its own part; all else they share. What a CPU can
/// do is a function of its own part and the shared one.
/// </summary>
internal sealed class Partition<T>
    where T : unmanaged, IPacked<T>
{
    /// <summary>Sorts the fields of a layout.</summary>
    /// <param name="layout">The layout, packed.</param>
    /// <param name="touched">By CPU: the fields that its moves, or questions about it, read or write.</param>
    public Partition(Layout layout, IReadOnlyList<IReadOnlySet<Field>> touched)
    {
        var own = touched.Select(_ => new ulong[layout.Words]).ToArray();
        var shared = new ulong[layout.Words];
        Owners = new int[layout.Fields.Count];
        foreach (var field in layout.Fields)
        {
            var users = Enumerable.Range(0, touched.Count).Where(cpu => touched[cpu].Contains(field)).ToList();
            Owners[field.Id] = users.Count == 1 ? users[0] : touched.Count;
            (users.Count == 1 ? own[users[0]] : shared)[field.Word] |= field.Mask;
        }

        Masks = [.. own.Append(shared).Select(words => T.From(words))];
    }

    /// <summary>By part, that of CPU0 first, the shared one last: its bits.</summary>
    public T[] Masks { get; }

    /// <summary>By field: its part.</summary>
    public int[] Owners { get; }
}
