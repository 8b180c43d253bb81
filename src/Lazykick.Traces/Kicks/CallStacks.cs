namespace Lazykick.Traces.Kicks;

/// <summary>The call stacks of senders, each once.</summary>
internal sealed class CallStacks
{
    // A kernel sends from few places; a damaged trace may invent any number.
    private const int MostStacks = 4096;

    private readonly Dictionary<ulong[], int> _ids = new(Frames.Instance);
    private readonly List<ulong[]> _stacks =
    [
        [],
    ];

    /// <summary>The frames, the innermost first; none for 0.</summary>
    public IReadOnlyList<ulong> this[int id] => _stacks[id];

    /// <summary>There are stacks that a recorder took; what a worker works on is one frame and none of them.</summary>
    public bool Any => _stacks.Exists(static frames => frames.Length > 1);

    /// <summary>The number of a stack; 0 for one too many.</summary>
    public int IdOf(ulong[] frames)
    {
        if (_ids.TryGetValue(frames, out var id))
            return id;
        if (_stacks.Count > MostStacks)
            return 0;
        _ids.Add(frames, _stacks.Count);
        _stacks.Add(frames);
        return _stacks.Count - 1;
    }

    private sealed class Frames : IEqualityComparer<ulong[]>
    {
        public static Frames Instance { get; } = new();

        public bool Equals(ulong[]? x, ulong[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(ulong[] frames)
        {
            var hash = new HashCode();
            foreach (var frame in frames)
                hash.Add(frame);
            return hash.ToHashCode();
        }
    }
}
