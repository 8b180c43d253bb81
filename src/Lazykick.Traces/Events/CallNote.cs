namespace Lazykick.Traces.Events;

/// <summary>
/// The system call in which a task is when it kicks, in a record's <see cref="CpuRecord.Extra"/>: its number + 1, or
/// one of these.
/// </summary>
internal static class CallNote
{
    /// <summary>The trace does not tell.</summary>
    public const int Unknown = 0;

    /// <summary>The one in which the task was when it last ran, on whatever CPU.</summary>
    public const int Inherited = -1;

    /// <summary>An interrupt kicks, not the task that it interrupted.</summary>
    public const int InInterrupt = -2;

    /// <summary>None: a fault, or user mode.</summary>
    public const int None = -3;

    private const int LargestNumber = 1 << 20;

    /// <summary>The note of a system call by its number.</summary>
    public static int Of(int number) => number is >= 0 and < LargestNumber ? number + 1 : Unknown;
}
