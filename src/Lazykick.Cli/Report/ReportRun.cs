using Lazykick.Checking.Properties;
using Lazykick.Cli.Output;
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
        if (LoadFunctions() is not { } functions)
            return ExitStatus.WrongInput;
        IReadOnlyList<SkipRule>? schemes = null;
        if (settings.Schemes is { } asked && (schemes = SchemeSelection.Load(asked, errors)) is null)
            return ExitStatus.WrongInput;

        if (settings.KicksFile is not null && settings.Files.Count > 1)
        {
            errors.WriteLine(
                "lazykick: --kicks takes one FILE: the kicks of several traces do not belong into one table"
            );
            return ExitStatus.WrongInput;
        }

        using var json = settings.Json ? new ReportJson(output) : null;
        var status = ExitStatus.Done;
        string?[] files = settings.Files.Count > 0 ? [.. settings.Files] : [null];
        for (var i = 0; i < files.Length; i++)
        {
            if (i > 0 && json is null)
                terminal.Line();
            var one = One(files[i], functions, schemes, json, terminal);
            // A wrong input outweighs a threshold.
            status = Math.Max(status, one);
        }

        return status;
    }

    private int One(
        string? file,
        FunctionTable functions,
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
            using var kicks = OpenKicks(trace);
            var report = TraceAnalysis.Run(
                trace,
                new AnalysisOptions
                {
                    Schemes = schemes ?? SchemePolicies.OfCatalogue(trace.Machine, PropertyList.IsPromised),
                    Functions = functions,
                    Cpus = settings.Cpus,
                    From = settings.From?.On(times),
                    To = settings.To?.On(times),
                    Phase = phase,
                    OnKick = kicks is null ? null : kicks.Write,
                    OnProgress = progress.Update,
                },
                cancellation
            );
            progress.Done();
            if (phase is not null && !report.Phases.Any(known => known.Name == phase))
            {
                errors.WriteLine(
                    report.Phases.Count == 0
                        ? $"lazykick: {name}: there is no phase '{phase}': the trace has no marks 'PHASE name begin' and 'PHASE name end'"
                        : $"lazykick: {name}: there is no phase '{phase}'; there are {string.Join(", ", report.Phases.Select(static known => known.Name))}"
                );
                return ExitStatus.WrongInput;
            }

            if (json is not null)
                json.Write(report, name, phase, settings.FailOn);
            else
                WriteText(report, name, phase, file is null, terminal);
            return Conditions(report, name);
        }
        catch (TraceException error)
        {
            errors.WriteLine($"lazykick: {error.Message}");
            return ExitStatus.WrongInput;
        }
        catch (OperationCanceledException)
        {
            errors.WriteLine($"lazykick: {name}: interrupted");
            if (settings.KicksFile is { } half and not "-")
                File.Delete(half);
            return ExitStatus.GaveUp;
        }
        catch (Exception error)
            when (error is IOException or UnauthorizedAccessException && settings.KicksFile is not null)
        {
            errors.WriteLine($"lazykick: {settings.KicksFile}: {error.Message}");
            return ExitStatus.WrongInput;
        }
    }

    private void WriteText(TraceReport report, string name, string? phase, bool isSample, Terminal terminal)
    {
        if (isSample)
        {
            terminal.Line(
                "This is a small part of a real trace that comes with lazykick: static keys are switched on and off while CPU 2 and 3"
            );
            terminal.Line(
                "(nohz_full) run user code. For your own: lazykick report trace.dat (trace-cmd), perf.data, or a directory of raw pages."
            );
            terminal.Line();
        }

        new ReportText(terminal, settings.Everything).Write(report, name, phase);
    }

    private int Conditions(TraceReport report, string name)
    {
        var status = ExitStatus.Done;
        foreach (var condition in settings.FailOn)
        {
            if (condition.Evaluate(report) is not { } result)
            {
                errors.WriteLine(
                    $"lazykick: {name}: --fail-on '{condition.Text}': there is no phase '{condition.Phase}'"
                );
                return ExitStatus.WrongInput;
            }

            if (!result.Crossed)
                continue;
            errors.WriteLine($"lazykick: {name}: {condition.Text}: it is {result.Value}");
            status = ExitStatus.Violated;
        }

        return status;
    }

    private KickCsv? OpenKicks(TraceFile trace) =>
        settings.KicksFile switch
        {
            null => null,
            "-" => new KickCsv(Console.Out, trace),
            var path => new KickCsv(new StreamWriter(path), trace),
        };

    private FunctionTable? LoadFunctions()
    {
        if (settings.FunctionsFile is not { } path)
            return FunctionTable.Default;
        try
        {
            if (FunctionTable.TryParse(File.ReadAllText(path), FunctionTable.Default, out var table, out var error))
                return table;
            errors.WriteLine($"lazykick: {path}: {error}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            errors.WriteLine($"lazykick: {path}: cannot be read: {error.Message}");
        }

        return null;
    }
}
