using System.Globalization;
using System.IO.Compression;
using Lazykick.Cli.Json;
using Lazykick.Cli.Pages;
using Lazykick.Traces.Kicks;
using Lazykick.Traces.Reports;
using Lazykick.Traces.States;

namespace Lazykick.Cli.Report;

/// <summary>A report as one HTML file: docs/reference/report.md says what it shows.</summary>
internal static class ReportPage
{
    private static readonly string[] s_scripts =
    [
        "page.js",
        "report-data.js",
        "report-lanes.js",
        "report-view.js",
        "report-tables.js",
        "report.js",
    ];

    /// <summary>Writes it.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="report">The report.</param>
    /// <param name="document">The same for programs.</param>
    /// <param name="timeline">What happened.</param>
    /// <param name="functions">What is known of functions.</param>
    public static void Write(
        Stream output,
        TraceReport report,
        ReportDocument.TraceOf document,
        Timeline timeline,
        FunctionTable functions
    )
    {
        var page = new Page(output);
        page.Begin($"{document.Trace.Name} - lazykick report", "report.html", s_scripts);
        page.Data(
            "report",
            new ReportPageDocument
            {
                Report = document,
                Headlines = [.. Headline.All(report, report.Selection.Cpus, new TraceTimes(report.Trace))],
                Timeline = TimelineOf(report, timeline, functions),
                Evidence = Enum.GetValues<Evidence>().Distinct().ToDictionary(TraceWords.Json, TraceWords.Of),
            },
            Page.Documents.ReportPageDocument
        );
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            timeline.WriteTo(deflate);
        page.Data("timeline", packed.GetBuffer().AsSpan(0, (int)packed.Length));
        page.End();
    }

    private static ReportPageDocument.TimelineOf TimelineOf(
        TraceReport report,
        Timeline timeline,
        FunctionTable functions
    )
    {
        var trace = report.Trace;
        var times = new TraceTimes(trace);
        var symbols = trace.Symbols;
        var origin = report.Selection.From;
        string NameOf(ulong address) => address == 0 ? "" : symbols.Describe(address);
        string ClassOf(ulong address) =>
            address != 0 && symbols.ResolveName(address) is { } name ? functions.Find(name)?.KickClass ?? "" : "";
        return new ReportPageDocument.TimelineOf
        {
            Origin = origin.ToString(CultureInfo.InvariantCulture),
            OriginText = times.Point(origin),
            OriginUtc = times.WallClock(origin),
            NanosecondsPerUnit = times.Nanoseconds(1_000_000) / 1e6,
            Length = report.Selection.To - origin,
            Lanes =
            [
                .. timeline.Lanes.Select(lane => new ReportPageDocument.LaneOf(
                    lane.Cpu,
                    (double)((Int128)lane.Start - origin),
                    lane.Count
                )),
            ],
            Kicks = timeline.Kicks,
            Interrupts = timeline.Interrupts,
            Breaks = timeline.Breaks,
            Names = [.. timeline.Addresses.Select(NameOf)],
            Classes = [.. timeline.Addresses.Select(ClassOf)],
            Tasks = [.. timeline.Tasks.Select(pid => pid < 0 ? "" : $"{report.Tasks.Find(pid) ?? "?"}-{pid}")],
            Devices = report.Devices.ToDictionary(
                static device => device.Key.ToString(CultureInfo.InvariantCulture),
                static device => device.Value
            ),
            States = [.. Enum.GetValues<CpuState>().Select(TraceWords.Json)],
            Causes = [.. Enum.GetValues<EntryCause>().Select(TraceWords.Json)],
            Verdicts = [.. Enum.GetValues<KickVerdict>().Select(TraceWords.Json)],
            Deliveries = [.. Enum.GetValues<KickDelivery>().Select(TraceWords.Json)],
        };
    }
}
