using Lazykick.Traces.Files;
using Lazykick.Traces.Kicks;
using Lazykick.Traces.Reports;

namespace Lazykick.Traces.Tests.Analysis;

/// <summary>
/// One of the real captures, with every kick kept. Analysed once for all tests that look at the same part of it.
/// </summary>
internal sealed class AnalyzedCapture
{
    private static readonly Dictionary<(string, string?), AnalyzedCapture> s_done = [];
    private static readonly Lock s_lock = new();

    private AnalyzedCapture(TraceReport report, List<KickDetail> kicks)
    {
        Report = report;
        Kicks = kicks;
    }

    public TraceReport Report { get; }

    public List<KickDetail> Kicks { get; }

    public static string[] All => [.. SharedTraces.RawCaptures, .. SharedTraces.TraceDats];

    /// <summary>The capture's file or directory.</summary>
    public static string PathOf(string capture) =>
        SharedTraces.TraceDats.Contains(capture)
            ? SharedTraces.Path(capture, "trace.dat.zst")
            : SharedTraces.Path(capture);

    public static AnalyzedCapture Of(string capture, string? phase) => OfFile(PathOf(capture), phase);

    /// <summary>The same of a file or directory by its path.</summary>
    public static AnalyzedCapture OfFile(string path, string? phase)
    {
        lock (s_lock)
        {
            if (s_done.TryGetValue((path, phase), out var done))
                return done;
            var kicks = new List<KickDetail>();
            // Never closed: names are resolved from it for as long as the tests run.
            var trace = TraceFile.Open(path);
            var report = TraceAnalysis.Run(
                trace,
                new AnalysisOptions
                {
                    Phase = phase,
                    OnKick = kicks.Add,
                    Schemes = TestRules.All,
                }
            );
            done = new AnalyzedCapture(report, kicks);
            s_done.Add((path, phase), done);
            return done;
        }
    }

    public CpuReport Cpu(int cpu) => Report.Selection.Cpus.Single(report => report.Cpu == cpu);

    /// <summary>Name of a kick's function without its offset.</summary>
    public string Function(KickDetail kick) => Report.Trace.Symbols.ResolveName(kick.Function) ?? "";
}
