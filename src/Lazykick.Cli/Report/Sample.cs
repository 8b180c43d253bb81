using Lazykick.Traces.Files;

namespace Lazykick.Cli.Report;

/// <summary>
/// A small part of a real trace (arm64, kernel 6.12, CPUs 2 and 3 nohz_full), so that a new user sees the point without
/// root. Made by eng/cut-sample.py.
/// </summary>
internal static class Sample
{
    private const string Resource = "sample.dat.zst";

    /// <summary>The phase that the sample was cut to.</summary>
    public const string Phase = "static_key";

    public static TraceFile Open()
    {
        using var stream =
            typeof(Sample).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"resource {Resource} is missing from the build");
        var contents = new byte[stream.Length];
        stream.ReadExactly(contents);
        return TraceFile.Open(contents, "embedded sample");
    }
}
