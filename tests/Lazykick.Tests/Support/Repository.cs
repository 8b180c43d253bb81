namespace Lazykick.Tests.Support;

internal static class Repository
{
    /// <summary>The folder with the solution, seen from where the tests run; null if they run elsewhere.</summary>
    public static string? Root { get; } = Find();

    private static string? Find()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Lazykick.slnx")))
            folder = Path.GetDirectoryName(folder);
        return folder;
    }
}
