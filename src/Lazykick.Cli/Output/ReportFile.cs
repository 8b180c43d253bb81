namespace Lazykick.Cli.Output;

/// <summary>A file that a check writes for other programs.</summary>
internal static class ReportFile
{
    /// <summary>Writes it, or says on standard error why not.</summary>
    public static bool Write(string path, Action<Stream> write, TextWriter errors)
    {
        try
        {
            using var stream = File.Create(path);
            write(stream);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            errors.WriteLine($"lazykick: {path}: {e.Message}");
            return false;
        }
    }
}
