using Lazykick.Checking.Properties;
using Lazykick.Cli.Output;
using Lazykick.Cli.Pages;
using Lazykick.Traces;
using Lazykick.Traces.Bytes;
using Lazykick.Traces.Files;
using Lazykick.Traces.Kicks;
using Lazykick.Traces.Pricing;
using Lazykick.Traces.Reports;

namespace Lazykick.Cli.Report;

/// <summary>Runs <c>report</c>: every file in turn, one report each.</summary>
internal sealed class ReportRun(ReportSettings settings, TextWriter errors, CancellationToken cancellation)
{
    public int Execute(Stream output, Terminal terminal)
    {
        if (LoadFunctions() is not { } functions || LoadCauses() is not { } causes)
            return ExitStatus.WrongInput;
        IReadOnlyList<SkipRule>? schemes = null;
        if (settings.Schemes is { } asked && (schemes = SchemeSelection.Load(asked, errors)) is null)
            return ExitStatus.WrongInput;

        if (settings.Files.Count > 1 && OneFileOption() is { } option)
        {
            errors.WriteLine($"lazykick: {option} takes one FILE: several traces do not belong into one");
            return ExitStatus.WrongInput;
        }

        if (
            !ReportFile.AreApart(
                [.. settings.Files, settings.FunctionsFile, settings.CausesFile, .. settings.Schemes?.Split(',') ?? []],
                [settings.HtmlFile, settings.PerfettoFile, settings.KicksFile],
                errors
            )
            || !ReportFile.CanWrite([settings.HtmlFile], errors)
        )
        {
            return ExitStatus.WrongInput;
        }

        var json = settings.Json ? new ReportJson() : null;
        var status = ExitStatus.Done;
        string?[] files = settings.Files.Count > 0 ? [.. settings.Files] : [null];
        for (var i = 0; i < files.Length; i++)
        {
            if (i > 0 && json is null)
                terminal.Line();
            var one = One(files[i], functions, causes, schemes, json, terminal);
            status = ExitStatus.Worse(status, one);
        }

        json?.Write(output);
        return status;
    }

    private int One(
        string? file,
        FunctionTable functions,
        CauseTable causes,
        IReadOnlyList<SkipRule>? schemes,
        ReportJson? json,
        Terminal terminal
    )
    {
        var name = file ?? "embedded sample";
        var phase =
            settings.Phase ?? (file is null && settings.From is null && settings.To is null ? Sample.Phase : null);
        try
        {
            using var trace = file is null ? Sample.Open() : TraceFile.Open(file, cancellation);
            var times = new TraceTimes(trace);
            var progress = new ProgressLine(name, times);
            var tasks = settings.Tasks?.Resolve(trace, progress.Update, cancellation);
            if (tasks is { Count: 0 })
            {
                ProgressLine.Done();
                errors.WriteLine(
                    $"lazykick: {name}: the trace has no task '{settings.Tasks!.Text}'; the longest breaks of a report "
                        + "without --tasks name those that were interrupted"
                );
                return ExitStatus.WrongInput;
            }

            var priced = schemes ?? SchemePolicies.OfCatalogue(trace.Machine, PropertyList.IsPromised);
            using var kicks = OpenKicks(trace, priced);
            var drawn = settings.HtmlFile is null ? null : new Timeline();
            Action<KickDetail>? onKick = kicks is null ? null : kicks.Write;
            if (drawn is not null)
                onKick += drawn.OnKick;
            using var perfettoFile = settings.PerfettoFile is { } path
                ? new BufferedStream(File.Create(path), 1 << 20)
                : null;
            var perfetto = perfettoFile is null ? null : new PerfettoTrace(perfettoFile, trace);
            if (perfetto is not null)
                onKick += perfetto.OnKick;
            var report = TraceAnalysis.Run(
                trace,
                new AnalysisOptions
                {
                    Schemes = priced,
                    Functions = functions,
                    Causes = causes,
                    Cpus = settings.Cpus,
                    Tasks = tasks,
                    From = settings.From?.On(times),
                    To = settings.To?.On(times),
                    Phase = phase,
                    OnKick = onKick,
                    Timeline = SeveralTimelines.Of(drawn, perfetto),
                    OnProgress = progress.Update,
                },
                cancellation
            );
            ProgressLine.Done();
            if (WrongSelection.Of(report, settings, phase, times) is { } wrong)
            {
                errors.WriteLine($"lazykick: {name}: {wrong}");
                return ExitStatus.WrongInput;
            }

            if (json is not null)
                json.Add(report, name, phase, settings);
            else
                WriteText(report, name, phase, file is null, terminal);
            return drawn is not null && !WritePage(report, name, phase, drawn, functions)
                ? ExitStatus.WrongInput
                : Conditions(report, name);
        }
        catch (TraceException error)
        {
            errors.WriteLine($"lazykick: {error.Message}");
            return ExitStatus.WrongInput;
        }
        catch (OperationCanceledException)
        {
            errors.WriteLine($"lazykick: {name}: interrupted");
            foreach (var half in new[] { settings.KicksFile, settings.PerfettoFile })
            {
                if (half is not null and not "-")
                    File.Delete(half);
            }

            return ExitStatus.GaveUp;
        }
        catch (Exception error)
            when (error is IOException or UnauthorizedAccessException
                && (settings.KicksFile ?? settings.PerfettoFile) is not null
            )
        {
            errors.WriteLine($"lazykick: {settings.KicksFile ?? settings.PerfettoFile}: {error.Message}");
            return ExitStatus.WrongInput;
        }
    }

    private void WriteText(TraceReport report, string name, string? phase, bool isSample, Terminal terminal)
    {
        if (isSample)
        {
            TextPage
                .Of(terminal)
                .Prose(
                    "",
                    "This is a small part of a real trace that comes with lazykick: static keys are switched on and "
                        + "off while CPU 2 and 3 (nohz_full) run user code. For your own: lazykick report trace.dat "
                        + "(trace-cmd), perf.data, or a directory of raw pages.",
                    ""
                );
            terminal.Line();
        }

        new ReportText(terminal, settings.Everything, settings.Schemes is not null).Write(
            report,
            name,
            phase,
            settings.Tasks
        );
    }

    private string? OneFileOption() =>
        settings.KicksFile is not null ? "--kicks"
        : settings.HtmlFile is not null ? "--html"
        : settings.PerfettoFile is not null ? "--perfetto"
        : null;

    private bool WritePage(TraceReport report, string name, string? phase, Timeline drawn, FunctionTable functions)
    {
        var path = settings.HtmlFile!;
        if (drawn.Items > Timeline.MostItems)
        {
            errors.WriteLine(
                $"lazykick: {path}: {drawn.Items:N0} changes of state, kicks and interrupts are more than a page can "
                    + $"hold ({Timeline.MostItems:N0}); take less with --from and --to, or --phase"
            );
            return false;
        }

        var document = ReportJson.Of(report, name, phase, settings);
        return ReportFile.Write(path, output => ReportPage.Write(output, report, document, drawn, functions), errors);
    }

    private int Conditions(TraceReport report, string name)
    {
        var status = ExitStatus.Done;
        foreach (var condition in settings.FailOn)
        {
            var about = $"lazykick: {name}: --fail-on '{condition.Text}'";
            if (condition.Evaluate(report) is not { } answer)
            {
                var cpus = condition.MissingCpus(report);
                errors.WriteLine(
                    cpus.Count > 0
                        ? $"{about}: the report has no CPU {CpuListText.Of(cpus)}"
                        : $"{about}: there is no phase '{condition.Phase}'"
                );
                return ExitStatus.WrongInput;
            }

            if (answer.IsCrossed is null)
            {
                errors.WriteLine(
                    $"{about}: cannot tell: it is {condition.Metric.Text(answer.Least)} or more, and the trace does "
                        + "not say how much"
                );
            }
            else if (answer.IsCrossed == true)
            {
                errors.WriteLine(
                    $"{about}: it is {condition.Metric.Text(answer.Value ?? answer.Least)}"
                        + $"{(answer.Value is null ? " or more" : "")}"
                );
            }

            status = ExitStatus.Worse(
                status,
                answer.IsCrossed switch
                {
                    true => ExitStatus.Violated,
                    false => ExitStatus.Done,
                    null => ExitStatus.CannotTell,
                }
            );
        }

        return status;
    }

    private IKickTable? OpenKicks(TraceFile trace, IReadOnlyList<SkipRule> schemes) =>
        settings.KicksFile switch
        {
            null => null,
            "-" => new KickCsv(Console.Out, trace, schemes),
            var path when path.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase) => new KickLines(
                new BufferedStream(File.Create(path), 1 << 16),
                trace,
                schemes
            ),
            var path => new KickCsv(new StreamWriter(path), trace, schemes),
        };

    private FunctionTable? LoadFunctions() =>
        settings.FunctionsFile is null ? FunctionTable.Default
        : Read(settings.FunctionsFile) is not { } text ? null
        : FunctionTable.TryParse(text, FunctionTable.Default, out var table, out var error) ? table
        : Refuse<FunctionTable>(settings.FunctionsFile, error);

    private CauseTable? LoadCauses() =>
        settings.CausesFile is null ? CauseTable.Default
        : Read(settings.CausesFile) is not { } text ? null
        : CauseTable.TryParse(text, CauseTable.Default, out var table, out var error) ? table
        : Refuse<CauseTable>(settings.CausesFile, error);

    private string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Refuse<string>(path, $"cannot be read: {error.Message}");
        }
    }

    private T? Refuse<T>(string path, string error)
        where T : class
    {
        errors.WriteLine($"lazykick: {path}: {error}");
        return null;
    }
}
