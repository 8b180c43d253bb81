using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests.Browser;

/// <summary>
/// The pictures in docs/images are made by these tests: with LAZYKICK_UPDATE set they are written anew. Fonts differ
/// between machines, so a test only asks that there is one of the same size.
/// </summary>
internal static class Pictures
{
    public static void Check(string name, byte[] picture)
    {
        var file = Repository.PathOf($"docs/images/{name}.png");
        if (Environment.GetEnvironmentVariable("LAZYKICK_UPDATE") is { Length: > 0 })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, picture);
        }

        Assert.True(File.Exists(file), $"{file} is missing: run this test with LAZYKICK_UPDATE=1");
        Assert.Equal(SizeOf(File.ReadAllBytes(file)), SizeOf(picture));
    }

    // Width and height of a PNG.
    private static string SizeOf(byte[] png) => Convert.ToHexString(png, 16, 8);
}
