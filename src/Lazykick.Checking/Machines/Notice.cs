namespace Lazykick.Checking.Machines;

/// <summary>
/// What a move tells the windows of all other CPUs. Each of them may refuse it; then there is no such move.
/// </summary>
internal readonly record struct Notice
{
    private readonly int _code;

    /// <summary>Tells of an access.</summary>
    /// <param name="location">The location.</param>
    /// <param name="isWrite">It becomes visible now; else an atomic has read the location, and will write it.</param>
    public Notice(short location, bool isWrite) => _code = 1 + location * 2 + (isWrite ? 1 : 0);

    /// <summary>Nothing.</summary>
    public bool IsNone => _code == 0;

    public short Location => (short)((_code - 1) / 2);

    public bool IsWrite => (_code - 1) % 2 == 1;
}
