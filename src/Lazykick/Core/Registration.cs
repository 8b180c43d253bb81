namespace Lazykick.Core;

/// <summary>Who holds a slot, and where in the source it was taken.</summary>
internal sealed class Registration(Thread owner, string member, string file, int line)
{
    public Thread Owner => owner;

    /// <summary>
    /// Whether the owner is the domain's reclaimer: callbacks may read while the domain is being disposed.
    /// </summary>
    public bool IsReclaimer { get; init; }

    /// <summary>The thread's name, or its managed identifier where it has none.</summary>
    public string ThreadName => string.IsNullOrEmpty(owner.Name) ? $"thread {owner.ManagedThreadId}" : owner.Name;

    /// <summary>
    /// Whether a first read registered the thread, so that <see cref="Place"/> is that of one scope of many.
    /// </summary>
    public bool IsByFirstRead { get; init; }

    /// <summary>What <see cref="Place"/> is, for messages.</summary>
    public string Origin => DescribeOrigin(Place, IsByFirstRead);

    /// <summary>Member, file name and line of the call that registered.</summary>
    public string Place => $"{member} ({Path.GetFileName(file)}:{line})";

    /// <summary>"registered in ..."; or "first read in ...", which says little about what is open now.</summary>
    public static string DescribeOrigin(string place, bool isByFirstRead) =>
        isByFirstRead
            ? $"first read in {place}; the scope that is open may be another"
            : $"registered in {place}";
}
