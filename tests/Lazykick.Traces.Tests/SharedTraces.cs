using Lazykick.Traces.Bytes;
using Lazykick.Traces.Bytes.Codecs;

namespace Lazykick.Traces.Tests;

/// <summary>
/// The optional directory of real traces beside the repository: <c>../shared/traces</c>. Tests that want it skip where
/// it is missing.
/// </summary>
internal static class SharedTraces
{
    public static string[] RawCaptures => ["arm64-6.12-raw-b", "arm64-6.12-72cpu-raw", "x86-7.3-raw", "host-6.18-raw"];

    public static string[] TraceDats => ["arm64-6.1-tracecmd", "x86-6.12-tracecmd"];

    private static string? Root { get; } = FindRoot();

    /// <summary>The path of a file or directory of the captures; skips the test where it is missing.</summary>
    public static string Path(params string[] parts)
    {
        if (Root is null)
            Assert.Skip("../shared/traces is not there");
        var path = System.IO.Path.Combine([Root, .. parts]);
        if (!File.Exists(path) && !Directory.Exists(path))
            Assert.Skip($"../shared/traces has no {string.Join('/', parts)}");
        return path;
    }

    /// <summary>The text of a file of the captures, decompressed where it is.</summary>
    public static string ReadText(params string[] parts)
    {
        using var source = new FileSource("text", File.OpenHandle(Path(parts)));
        if (!parts[^1].EndsWith(".zst", StringComparison.Ordinal))
            return System.Text.Encoding.UTF8.GetString(source.ReadBytes(0, source.Length));
        var damage = new DamageLog();
        using var expanded = ZstdFile.Expand(source, damage);
        Assert.Empty(damage.ToList());
        return System.Text.Encoding.UTF8.GetString(expanded.ReadBytes(0, expanded.Length));
    }

    private static string? FindRoot()
    {
        for (
            var directory = new DirectoryInfo(AppContext.BaseDirectory);
            directory is not null;
            directory = directory.Parent
        )
        {
            if (!File.Exists(System.IO.Path.Combine(directory.FullName, "Lazykick.slnx")))
                continue;
            var traces = System.IO.Path.Combine(directory.FullName, "..", "shared", "traces");
            return Directory.Exists(traces) ? traces : null;
        }

        return null;
    }
}
