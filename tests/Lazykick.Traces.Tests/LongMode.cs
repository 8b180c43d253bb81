namespace Lazykick.Traces.Tests;

/// <summary>LAZYKICK_LONG=1 makes the seeded tests run for as long as it takes.</summary>
internal static class LongMode
{
    public static bool IsOn => Environment.GetEnvironmentVariable("LAZYKICK_LONG") == "1";

    public static int Scale(int usual, int many) => IsOn ? many : usual;
}
