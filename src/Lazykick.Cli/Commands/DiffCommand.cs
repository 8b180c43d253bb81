using System.CommandLine;
using Lazykick.Cli.Checking;
using Lazykick.Cli.Comparing;

namespace Lazykick.Cli.Commands;

/// <summary><c>lazykick diff</c>: what tells two schemes apart, or one scheme with other knobs.</summary>
internal static class DiffCommand
{
    public static Command Create()
    {
        var first = new Argument<string>("SCHEME") { Description = "A name of the catalogue, or a .kick file." };
        var second = new Argument<string?>("OTHER")
        {
            Description = "Another one. Without it the same scheme is compared with itself under --against.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var against = SearchArguments.Knobs(
            "--against",
            "knob=value of the other scheme, on top of --set; may be repeated. --set is for both, as far as they have "
                + "the knob."
        );
        var property = new Option<string[]>("--property")
        {
            Description = "Compare only this property, and no windows; may be repeated.",
            DefaultValueFactory = _ => [],
        };
        var moves = new Option<bool>("--moves") { Description = "Draw every move of the execution." };
        var json = new Option<bool>("--json")
        {
            Description = "One JSON document instead of text (docs/reference/json.md).",
        };
        var search = new SearchArguments();
        var command = new Command(
            "diff",
            "Compares two schemes, verdict by verdict and window by window, and draws the shortest execution that "
                + "tells them apart."
        )
        {
            first,
            second,
        };
        search.AddTo(command, against, property, moves, json);
        command.Validators.Add(result =>
        {
            if (result.GetValue(second) is null && result.GetValue(against) is { Length: 0 })
                result.AddError("name another scheme, or knobs of the same one with --against knob=value");
        });
        command.SetAction(
            (parsed, cancellation) =>
                Task.Run(
                    () =>
                    {
                        var settings = new ComparisonSettings(
                            s => search.Read(parsed, s),
                            !search.HasInFlight(parsed),
                            SearchArguments.Values(parsed.GetValue(against)!),
                            [.. parsed.GetValue(property)!.Distinct()],
                            parsed.GetValue(moves),
                            parsed.GetValue(json)
                        );
                        return new ComparisonRun(settings, cancellation).Run(
                            parsed.GetValue(first)!,
                            parsed.GetValue(second)
                        );
                    },
                    CancellationToken.None
                )
        );
        return command;
    }
}
