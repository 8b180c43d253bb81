namespace Lazykick.Cli.Output;

/// <summary>A file that a command writes for other programs.</summary>
internal static class ReportFile
{
    /// <summary>
    /// True if the files can be written, or none is asked for; else says on standard error which cannot: better before
    /// a long search than after it. An existing file stays as it is.
    /// </summary>
    public static bool CanWrite(IEnumerable<string?> paths, TextWriter errors)
    {
        foreach (var path in paths.OfType<string>())
        {
            // What exists may be a pipe: opened once, at the end.
            if (File.Exists(path))
                continue;
            if (!Write(path, static _ => { }, errors))
                return false;
            File.Delete(path);
        }

        return true;
    }

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
