using System.Runtime.InteropServices;

namespace Lazykick.Traces.Events;

/// <summary>Call stacks of the kernel, each kept once as long as there are not too many.</summary>
internal sealed class StackTable
{
    private const int MostStacks = 4096;
    private const int DeepestStack = 64;

    private readonly Dictionary<int, List<ulong[]>> _stacks = [];
    private int _count;

    /// <summary>
    /// The frames of the kernel: perf puts marks between kernel and user frames, older kernels fill up with ones.
    /// </summary>
    public static ReadOnlySpan<ulong> KernelPartOf(ReadOnlySpan<ulong> frames)
    {
        const ulong FirstMark = unchecked((ulong)-4095);
        const ulong UserMark = unchecked((ulong)-512);
        while (!frames.IsEmpty && frames[0] >= FirstMark && frames[0] != UserMark)
            frames = frames[1..];
        var end = 0;
        while (end < Math.Min(frames.Length, DeepestStack) && frames[end] != 0 && frames[end] < FirstMark)
            end++;
        return frames[..end];
    }

    /// <summary>The stack with these frames.</summary>
    public ulong[] Intern(ReadOnlySpan<ulong> frames)
    {
        var hash = new HashCode();
        hash.AddBytes(MemoryMarshal.AsBytes(frames));
        var key = hash.ToHashCode();
        if (!_stacks.TryGetValue(key, out var alike))
            _stacks.Add(key, alike = []);
        foreach (var known in alike)
        {
            if (frames.SequenceEqual(known))
                return known;
        }

        var added = frames.ToArray();
        if (_count++ < MostStacks)
            alike.Add(added);
        return added;
    }
}
