using System.CommandLine;
using Lazykick.Cli.Output;
using Lazykick.Cli.Report;
using Lazykick.Cli.Report.Diff;
using Lazykick.Traces.Kicks;

namespace Lazykick.Cli.Commands;

/// <summary>
/// <c>lazykick report</c>: who kicks whom in a trace, in which state, and what schemes would have saved.
/// </summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("FILE")
        {
            Description =
                "trace.dat, perf.data or a directory of raw pages, zstd-compressed or not. Without one: an embedded "
                    + "sample.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var scheme = new Option<string?>("--scheme")
        {
            Description =
                "Schemes to price: names of the catalogue or .kick files, separated by commas; 'none'. Default: all of "
                    + "the catalogue that skip anybody.",
        };
        var cpu = CpusOption.Create("Report on these target CPUs, for example 2-3 or 0,2,70.");
        var tasks = new Option<string?>("--tasks")
        {
            Description =
                "Count only breaks of these interrupted tasks: pids or names, with * for any text, for example "
                    + "'worker*,1234'.",
        };
        tasks.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && TaskFilter.Parse(result.Tokens[0].Value) is null)
                result.AddError($"--tasks takes pids or names such as worker*,1234, not '{result.Tokens[0].Value}'.");
        });
        var from = new Option<string?>("--from")
        {
            Description = "Begin, in seconds of the trace clock (13.7) or after the first event (+0.5).",
        };
        var to = new Option<string?>("--to") { Description = "End, in the same way." };
        var phase = new Option<string?>("--phase")
        {
            Description = "Report on one phase: marks 'PHASE name begin' and 'PHASE name end' in the trace.",
        };
        var fail = new Option<string[]>("--fail-on")
        {
            Description =
                "End with status 1 if this holds: [cpu=LIST] [phase=NAME] METRIC OPERATOR NUMBER, for example "
                    + "'cpu=2-3 needless>0' or 'longest>50us'; may be repeated. Metrics: "
                    + $"{string.Join(", ", FailMetric.All.Select(static metric => metric.Name))}.",
            DefaultValueFactory = static _ => [],
        };
        var functions = new Option<string?>("--functions")
        {
            Description = "A table of functions over the built-in one: FUNCTION deferrable|never|unknown CLASS reason.",
        };
        var causes = new Option<string?>("--causes")
        {
            Description = "Rules that name causes, before the built-in ones: NAME | CONDITION ... | reason.",
        };
        var printCauses = new Option<bool>("--print-causes")
        {
            Description = "Print the built-in rules that name causes, and end.",
        };
        var printFunctions = new Option<bool>("--print-functions")
        {
            Description = "Print the built-in table of functions with its reasons, and end.",
        };
        var kicks = new Option<string?>("--kicks")
        {
            Description =
                "Write every kick with each scheme's decision to this file: as a line of CSV, or of JSON if it ends in "
                    + ".jsonl.",
        };
        var html = new Option<string?>("--html")
        {
            Description = "Write the report with its timeline to this file: one HTML page that needs no network.",
        };
        var perfetto = new Option<string?>("--perfetto")
        {
            Description = "Write states, interrupts, breaks and kicks to this file, for ui.perfetto.dev (.pftrace).",
        };
        var diff = new Option<bool>("--diff")
        {
            Description =
                "Compare two recordings, FILE before and FILE after: what changed per CPU, with 95 % intervals and a "
                    + "verdict. "
                + "--fail-on then takes [cpu=LIST] METRIC >|< PERCENT, for example 'cpu=2-3 breaks>10%'.",
        };
        var anonymise = new Option<string?>("--anonymise")
        {
            Description =
                "Write a copy of FILE that can be sent to somebody: the time asked for (--from, --to, --phase), other "
                    + "names "
                + "of tasks and other addresses, equal totals.",
        };
        var all = new Option<bool>("--all") { Description = "All CPUs and senders, not only what fits a page." };
        var json = new Option<bool>("--json")
        {
            Description = "One JSON document instead of text (docs/reference/json.md).",
        };
        foreach (var point in new[] { from, to })
        {
            point.Validators.Add(result =>
            {
                if (result.Tokens.Count > 0 && !TimePoint.TryParse(result.Tokens[0].Value, out _))
                {
                    result.AddError(
                        $"{point.Name} takes seconds such as 13.7 or +0.5, not '{result.Tokens[0].Value}'."
                    );
                }
            });
        }

        fail.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
            {
                var isDiff = result.GetValue(diff);
                var error = "";
                if (
                    isDiff
                        ? !DiffCondition.TryParse(token.Value, out _, out error)
                        : !FailCondition.TryParse(token.Value, out _, out error)
                )
                {
                    result.AddError($"--fail-on {error}.");
                }
            }
        });
        WrongOption.RefusedBy(files);
        files.Validators.Add(result =>
        {
            if (result.GetValue(diff) && result.Tokens.Count != 2)
                result.AddError("--diff takes two recordings: report --diff BEFORE AFTER.");
        });
        var command = new Command(
            "report",
            "Tells from a trace who kicks whom, in which state, which kicks were needless, and what schemes would have "
                + "saved."
        )
        {
            files,
            scheme,
            cpu,
            tasks,
            from,
            to,
            phase,
            fail,
            functions,
            printFunctions,
            causes,
            printCauses,
            kicks,
            html,
            perfetto,
            diff,
            anonymise,
            all,
            json,
        };
        command.SetAction(
            (parsed, cancellation) =>
            {
                if (parsed.GetValue(printFunctions))
                {
                    Console.Out.Write(FunctionTable.DefaultText);
                    return Task.FromResult(ExitStatus.Done);
                }

                if (parsed.GetValue(printCauses))
                {
                    Console.Out.Write(CauseTable.DefaultText);
                    return Task.FromResult(ExitStatus.Done);
                }

                var settings = new ReportSettings
                {
                    Files = parsed.GetValue(files) ?? [],
                    Schemes = parsed.GetValue(scheme),
                    Cpus = CpusOption.Of(parsed, cpu),
                    Tasks = parsed.GetValue(tasks) is { } wanted ? TaskFilter.Parse(wanted) : null,
                    From = Point(parsed.GetValue(from)),
                    To = Point(parsed.GetValue(to)),
                    Phase = parsed.GetValue(phase),
                    FailOn =
                    [
                        .. parsed
                            .GetValue(fail)!
                            .Select(static text =>
                                FailCondition.TryParse(text, out var condition, out _) ? condition : null
                            )
                            .OfType<FailCondition>(),
                    ],
                    FunctionsFile = parsed.GetValue(functions),
                    CausesFile = parsed.GetValue(causes),
                    KicksFile = parsed.GetValue(kicks),
                    HtmlFile = parsed.GetValue(html),
                    PerfettoFile = parsed.GetValue(perfetto),
                    Everything = parsed.GetValue(all),
                    Json = parsed.GetValue(json),
                };
                return Task.Run(
                    () =>
                    {
                        using var output = Console.OpenStandardOutput();
                        if (parsed.GetValue(anonymise) is { } copy)
                        {
                            return new AnonymiseRun(settings, copy, Console.Error, cancellation).Execute(
                                Terminal.Standard
                            );
                        }

                        if (parsed.GetValue(diff))
                        {
                            var conditions = parsed
                                .GetValue(fail)!
                                .Select(static text => DiffCondition.TryParse(text, out var one, out _) ? one : null)
                                .OfType<DiffCondition>();
                            return new DiffRun(settings, [.. conditions], Console.Error, cancellation).Execute(
                                output,
                                Terminal.Standard
                            );
                        }

                        return new ReportRun(settings, Console.Error, cancellation).Execute(output, Terminal.Standard);
                    },
                    CancellationToken.None
                );
            }
        );
        return command;
    }

    private static TimePoint? Point(string? text) =>
        text is not null && TimePoint.TryParse(text, out var point) ? point : null;
}
