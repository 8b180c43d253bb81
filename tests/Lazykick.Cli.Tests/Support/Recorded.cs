namespace Lazykick.Cli.Tests.Support;

/// <summary>
/// A copy of a capture (x86-64, Linux 6.18, two CPUs) in which only some subsystems' events can be read, as if the
/// others had not been recorded.
/// </summary>
internal sealed class Recorded : IDisposable
{
    private readonly DirectoryInfo _copy = Directory.CreateTempSubdirectory("lazykick-test");

    /// <param name="systems">Of sched, power, raw_syscalls, ipi and csd.</param>
    public Recorded(params string[] systems)
    {
        var source = Repository.PathOf("tests/data/recorded-6.18");
        string[] kept = [.. systems.Select(static system => $"formats/{system}"), "formats/header_page", "raw/"];
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var path = System.IO.Path.GetRelativePath(source, file);
            if (!kept.Any(prefix => path.StartsWith(prefix, StringComparison.Ordinal)))
                continue;
            var target = System.IO.Path.Combine(Path, path);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    /// <summary>The directory to report on.</summary>
    public string Path => _copy.FullName;

    public void Dispose() => _copy.Delete(recursive: true);
}
