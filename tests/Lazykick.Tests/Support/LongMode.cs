namespace Lazykick.Tests.Support;

/// <summary>Set <c>LAZYKICK_LONG=1</c> to let tests run for minutes instead of seconds.</summary>
internal static class LongMode
{
    public static bool IsOn { get; } = Environment.GetEnvironmentVariable("LAZYKICK_LONG") == "1";
}
