namespace Lazykick.Cli.Output;

/// <summary>A file that a command writes for other programs.</summary>
internal static class ReportFile
{
    /// <summary>
    /// True if the files can be written, or none is asked for; else says on standard error which cannot: better before
    /// long work than after it. What is there stays as it is.
    /// </summary>
    public static bool CanWrite(IEnumerable<string?> paths, TextWriter errors)
    {
        foreach (var path in paths.OfType<string>())
        {
            // What exists may be a pipe, which is opened once, at the end; a link may lead to where nothing is yet.
            if (File.Exists(path) || new FileInfo(path).LinkTarget is not null)
                continue;
            try
            {
                if (Directory.Exists(path))
                    throw new IOException("a directory, and no file");
                using var probe = new FileStream(
                    $"{path}.{Environment.ProcessId}",
                    new FileStreamOptions
                    {
                        Mode = FileMode.CreateNew,
                        Access = FileAccess.Write,
                        Options = FileOptions.DeleteOnClose,
                    }
                );
            }
            catch (Exception e) when (IsOfFile(e))
            {
                Refuse(path, e, errors);
                return false;
            }
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
        catch (Exception e) when (IsOfFile(e))
        {
            Refuse(path, e, errors);
            return false;
        }
    }

    private static bool IsOfFile(Exception e) =>
        e is IOException or UnauthorizedAccessException or NotSupportedException;

    private static void Refuse(string path, Exception e, TextWriter errors)
    {
        var why = e switch
        {
            DirectoryNotFoundException => "there is no such directory",
            UnauthorizedAccessException => "this user may not write there",
            _ => e.Message,
        };
        errors.WriteLine($"lazykick: {path}: {why}");
    }
}
