namespace Lazykick.Checking.Memory;

public static partial class Ordering
{
    [ThreadStatic]
    private static int _ignored;

    /// <summary>
    /// Leaves a rule out on this thread, so that a test can show that a verdict hangs on it; 0 for none.
    /// </summary>
    internal static void Ignore(int rule) => _ignored = rule;

    internal static bool IsIgnored(int rule) => rule != 0 && rule == _ignored;
}
