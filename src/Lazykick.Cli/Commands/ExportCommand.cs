using System.CommandLine;
using Lazykick.Checking.Export;
using Lazykick.Checking.Graphs;
using Lazykick.Checking.Memory;
using Lazykick.Cli.Checking;
using Lazykick.Cli.Export;
using Lazykick.Cli.Json;
using Lazykick.Cli.Output;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Cli.Commands;

/// <summary>
/// <c>lazykick export SCHEME</c>: the core of a scheme's failing race as a litmus test that herd7 reads, or the whole
/// scheme as a model for Spin or a graph.
/// </summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var scheme = new Argument<string>("SCHEME") { Description = "A name of the catalogue, or a .kick file." };
        var litmus = new Option<bool>("--litmus")
        {
            Description = "The core of a race as a litmus test in herd's format.",
        };
        var promela = new Option<bool>("--promela")
        {
            Description = "The whole scheme as a model for Spin, under sc: the same states and moves.",
        };
        var dot = new Option<bool>("--dot")
        {
            Description =
                $"The whole space as a graph for graphviz, up to {StateGraph.UsualStates} states or --max-states.",
        };
        var property = new Option<string?>("--property")
        {
            Description = "Export the race of this property. Default: the first violated one that the scheme promises.",
        };
        var against = SearchArguments.Knobs(
            "--against",
            "knob=value that mends the scheme, on top of --set; may be repeated. The same core is compiled with it, "
                + "and has to answer as the scheme's verdict then."
        );
        var output = new Option<string?>("--output", "-o")
        {
            Description =
                "A file, beside which the mended twin of --against gets a file of its own; or a directory, which gets "
                    + "NAME.litmus.",
        };
        var json = new Option<bool>("--json")
        {
            Description = "One JSON document instead of text (docs/reference/json.md).",
        };
        var search = new SearchArguments();
        var command = new Command(
            "export",
            "Makes a litmus test of the core of a scheme's failing race, a model for Spin, or a graph."
        )
        {
            scheme,
            litmus,
            promela,
            dot,
        };
        search.AddTo(command, against, property, output, json);
        command.Validators.Add(result =>
        {
            Option<bool>[] forms = [litmus, promela, dot];
            var form = forms.Where(f => result.GetValue(f)).ToList();
            if (form.Count != 1)
            {
                result.AddError(
                    form.Count == 0
                        ? "name the form: --litmus, --promela or --dot"
                        : $"one form at a time: leave out {form[1].Name}"
                );
                return;
            }

            Option[] ofRaces = [against, property];
            if (form[0] != litmus && ofRaces.FirstOrDefault(
                o => result.GetResult(o) is { Implicit: false }
            ) is { } other)
            {
                result.AddError($"{form[0].Name} is about the whole scheme, and {other.Name} about a race: leave it "
                    + "out");
            }

            if (form[0] == promela && search.MemoryOf(result) is { } memory && memory != MemoryModel.Sc)
                result.AddError("--promela is for --memory sc: Spin has no other memory");
            if (result.GetResult(json) is { Implicit: false } && result.GetResult(output) is { Implicit: false })
                result.AddError("--json goes to standard output: leave out --output, or redirect it");
        });
        command.SetAction(
            (parsed, cancellation) =>
                Task.Run(
                    () =>
                    {
                        var written = parsed.GetValue(output);
                        if (!ReportFile.AreApart([parsed.GetValue(scheme)], [written], Console.Error))
                            return ExitStatus.WrongInput;
                        if (parsed.GetValue(promela) || parsed.GetValue(dot))
                        {
                            if (!ReportFile.CanWrite([written], Console.Error))
                                return ExitStatus.WrongInput;
                            var models = new ModelExport(written, parsed.GetValue(json), cancellation);
                            return SchemeArgument.LoadWhole(parsed.GetValue(scheme)!, Console.Error) is not { } whole
                                    ? ExitStatus.WrongInput
                                : parsed.GetValue(dot)
                                    ? models.Dot(whole, search.ReadSmall(parsed, whole, StateGraph.UsualStates))
                                : models.Promela(whole, search.Read(parsed, whole));
                        }

                        var knobs = SearchArguments.Values(parsed.GetValue(against)!);
                        ExportOptions Options(Scheme s) =>
                            new()
                            {
                                Check = search.Read(parsed, s),
                                Property = parsed.GetValue(property),
                                Against = knobs.Count == 0 ? null : knobs,
                            };
                        return Run(
                            parsed.GetValue(scheme)!,
                            Options,
                            parsed.GetValue(output),
                            parsed.GetValue(json),
                            cancellation
                        );
                    },
                    CancellationToken.None
                )
        );
        return command;
    }

    private static int Run(
        string argument,
        Func<Scheme, ExportOptions> options,
        string? output,
        bool json,
        CancellationToken cancellation
    )
    {
        if (SchemeArgument.LoadWhole(argument, Console.Error) is not { } scheme)
            return ExitStatus.WrongInput;
        var diagnostics = new DiagnosticCollection();
        var found = LitmusExport.Run(scheme, options(scheme), diagnostics, cancellation);
        SearchProgressLine.Clear();
        if (found is not { } result)
        {
            SchemeArgument.Report(diagnostics, Console.Error);
            return ExitStatus.WrongInput;
        }

        if (result.Refusal is { } refusal)
        {
            Console.Error.WriteLine($"lazykick: {refusal.Message}");
            Console.Error.WriteLine($"    {refusal.Hint}");
            return refusal.GaveUp ? ExitStatus.GaveUp : ExitStatus.WrongInput;
        }

        if (json)
        {
            JsonOutput.Print(ExportJson.Of(result, result.Check!), JsonOutput.Documents.ExportDocument);
            return ExitStatus.Done;
        }

        foreach (var test in result.Tests)
            Console.Error.WriteLine(Verdict(test));
        return output is null ? Print(result) : ExportFiles.Write(output, result, Console.Error);
    }

    /// <summary>One test is all that a file may hold: the mended one, if it was asked for.</summary>
    private static int Print(ExportResult result)
    {
        Console.Out.Write(result.Tests[^1].Text);
        return ExitStatus.Done;
    }

    private static string Verdict(ExportedTest test)
    {
        var model = test.Memory.ToString().ToLowerInvariant();
        var usual =
            test.UsualVerdict == test.Verdict ? "" : $", {test.UsualVerdict} under the architecture's own model";
        return $"{test.Name}: {test.Verdict} under {model}{usual}";
    }
}
