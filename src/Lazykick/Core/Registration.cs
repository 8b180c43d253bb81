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

    /// <summary>Member, file name and line of the call that registered.</summary>
    public string Place => $"{member} ({Path.GetFileName(file)}:{line})";
}
