namespace Lazykick.Traces.States;

internal static class EntryCauses
{
    public const int Count = 11;

    /// <summary>Something from outside the task: these break the isolation of a CPU.</summary>
    public static bool IsInterrupt(this EntryCause cause) => cause is >= EntryCause.FunctionCall and <= EntryCause.Nmi;

    /// <summary>Another CPU sent it.</summary>
    public static bool IsIpi(this EntryCause cause) => cause is >= EntryCause.FunctionCall and <= EntryCause.OtherIpi;
}
