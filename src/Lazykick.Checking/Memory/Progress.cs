namespace Lazykick.Checking.Memory;

/// <summary>How far an instance has come.</summary>
public enum Progress : byte
{
    /// <summary>Nothing has happened.</summary>
    Waiting,

    /// <summary>The read was satisfied (a load is complete then; an RMW still has to write).</summary>
    Read,

    /// <summary>Nothing is left to do.</summary>
    Done,
}
