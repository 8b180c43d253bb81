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

    /// <summary>
    /// True if no file that is asked for is one that is read, or another that is asked for; else says on standard error
    /// which: a command must not destroy what it reads.
    /// </summary>
    /// <param name="read">Files that are read.</param>
    /// <param name="written">Files to write; null is none, and <c>-</c> standard output.</param>
    /// <param name="errors">Where it is said.</param>
    public static bool AreApart(IEnumerable<string?> read, IEnumerable<string?> written, TextWriter errors)
    {
        var taken = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in read.Where(File.Exists))
            taken[TargetOf(path!)] = "is read by this command";
        foreach (var path in written.Where(static path => path is not (null or "-")))
        {
            var target = TargetOf(path!);
            // Devices and the pipes of the shell are no files that could be lost.
            if (target.StartsWith("/dev/", StringComparison.Ordinal) || taken.TryAdd(target, "is asked for twice"))
                continue;
            errors.WriteLine($"lazykick: {path}: {taken[target]}; name another file to write");
            return false;
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

    /// <summary>The file itself, behind the links that its path and its directories are.</summary>
    private static string TargetOf(string path)
    {
        var full = Path.GetFullPath(path);
        try
        {
            var file = File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
            var folder = Path.GetDirectoryName(file);
            if (folder is null || Directory.ResolveLinkTarget(folder, returnFinalTarget: true) is not { } real)
                return file;
            return Path.Combine(real.FullName, Path.GetFileName(file));
        }
        catch (IOException)
        {
            return full; // there is nothing yet
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
