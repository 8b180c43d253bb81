using System.CommandLine;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Properties;
using Lazykick.Checking.Verdicts;
using Lazykick.Cli.Checking;
using Lazykick.Cli.Json;
using Lazykick.Cli.Output;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Cli.Commands;

/// <summary><c>lazykick check</c>: proves or refutes a scheme and draws the race.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var scheme = new Argument<string>("SCHEME") { Description = "A name of the catalogue, or a .kick file." };
        var property = new Option<string[]>("--property")
        {
            Description = "Report only this property, and let it alone decide the exit status; may be repeated.",
            DefaultValueFactory = _ => [],
        };
        var windows = new Option<bool>("--windows") { Description = "List every position, not only the windows." };
        var json = new Option<bool>("--json") { Description = "One JSON document instead of text (docs/json.md)." };
        var search = new SearchArguments();
        var command = new Command(
            "check",
            "Proves or refutes a scheme by exploring everything that it can do, and draws the race."
        )
        {
            scheme,
        };
        search.AddTo(command, property, windows, json);
        command.SetAction(
            (parsed, cancellation) =>
                Task.Run(
                    () =>
                        Run(
                            parsed.GetValue(scheme)!,
                            s => search.Read(parsed, s),
                            search.IsFree(parsed),
                            parsed.GetValue(property)!,
                            parsed.GetValue(windows),
                            parsed.GetValue(json),
                            cancellation
                        ),
                    CancellationToken.None
                )
        );
        return command;
    }

    private static int Run(
        string argument,
        Func<Scheme, CheckOptions> options,
        bool isFree,
        string[] properties,
        bool windows,
        bool json,
        CancellationToken cancellation
    )
    {
        if (SchemeArgument.Load(argument, Console.Error) is not { } scheme)
            return ExitStatus.WrongInput;
        if (scheme.IsBase)
        {
            Console.Error.WriteLine(
                $"lazykick: '{scheme.Name}' is a base that schemes include; it has no CPUs to check"
            );
            return ExitStatus.WrongInput;
        }

        var diagnostics = new DiagnosticCollection();
        var stated = PropertyList.Of(scheme).Select(p => p.Id).ToList();
        foreach (var name in properties.Where(p => !stated.Contains(p)))
        {
            Console.Error.WriteLine(
                PropertyList.Find(name)?.WhyNotStated(scheme) is { } why
                    ? $"lazykick: '{scheme.Name}' does not state {name} ({why})"
                    : $"lazykick: '{scheme.Name}' has no property '{name}'; {Suggestion.For(name, stated) ?? $"its properties: {string.Join(", ", stated)}"}"
            );
            return ExitStatus.WrongInput;
        }

        var chosen = options(scheme);
        var found = SchemeCheck.Run(scheme, chosen, diagnostics, cancellation);
        var reach = isFree && found is not null ? Reach.Of(found, chosen, cancellation) : null;
        SearchProgressLine.Clear();
        if (found is not { } result)
        {
            SchemeArgument.Report(diagnostics, Console.Error);
            return ExitStatus.WrongInput;
        }

        foreach (var name in properties.Where(p => result.Verdicts.All(v => v.Property != p)))
        {
            Console.Error.WriteLine($"lazykick: with these knobs no step of '{scheme.Name}' can violate {name}");
            return ExitStatus.WrongInput;
        }

        var shown =
            properties.Length == 0 ? result.Verdicts : [.. result.Verdicts.Where(v => properties.Contains(v.Property))];
        if (json)
        {
            var document = new CheckDocument(CheckJson.Schema, [CheckJson.Of(result, shown, reach)]);
            JsonOutput.Print(document, JsonOutput.Documents.CheckDocument);
        }
        else
        {
            new CheckText(Terminal.Standard).Write(result, shown, windows, reach);
        }

        if (shown.Any(v => v.Verdict == Verdict.Violated && (properties.Length > 0 || v.IsPromised)))
            return ExitStatus.Violated;
        if (reach?.Broken(result).Any(v => properties.Contains(v.Property) || (properties.Length == 0 && v.IsPromised)) == true)
            return ExitStatus.Violated;
        if (result.End != SearchEnd.Exhausted)
            return ExitStatus.GaveUp;
        return result.KickReturned ? ExitStatus.Done : ExitStatus.Violated;
    }
}
