using System.CommandLine;
using Lazykick.Checking.Export;
using Lazykick.Cli.Checking;
using Lazykick.Cli.Export;
using Lazykick.Cli.Json;
using Lazykick.Cli.Output;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Cli.Commands;

/// <summary>
/// <c>lazykick export SCHEME --litmus</c>: the core of a scheme's failing race as a litmus test that herd7 reads.
/// </summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var scheme = new Argument<string>("SCHEME") { Description = "A name of the catalogue, or a .kick file." };
        var litmus = new Option<bool>("--litmus")
        {
            Description = "As a litmus test in herd's format: the only form there is.",
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
        var command = new Command("export", "Makes a litmus test of the core of a scheme's failing race.")
        {
            scheme,
            litmus,
        };
        search.AddTo(command, against, property, output, json);
        command.Validators.Add(result =>
        {
            if (result.GetResult(litmus) is null or { Implicit: true })
                result.AddError("name the form: --litmus");
            if (result.GetResult(json) is { Implicit: false } && result.GetResult(output) is { Implicit: false })
                result.AddError("--json goes to standard output: leave out --output, or redirect it");
        });
        command.SetAction(
            (parsed, cancellation) =>
                Task.Run(
                    () =>
                    {
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
