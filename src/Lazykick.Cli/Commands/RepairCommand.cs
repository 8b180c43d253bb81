using System.CommandLine;
using Lazykick.Cli.Checking;
using Lazykick.Cli.Output;
using Lazykick.Cli.Repairs;

namespace Lazykick.Cli.Commands;

/// <summary><c>lazykick repair</c>: what of a scheme is redundant, and the least that mends it.</summary>
internal static class RepairCommand
{
    private const int UsualParts = 2;
    private const int MostParts = 6;

    public static Command Create()
    {
        var scheme = new Argument<string>("SCHEME") { Description = "A name of the catalogue, or a .kick file." };
        var property = new Option<string?>("--property")
        {
            Description = "The property to mend. Default: the first violated one that the scheme promises.",
        };
        var parts = new Option<int>("--parts")
        {
            Description = "Look for sets of at most so many additions.",
            DefaultValueFactory = _ => UsualParts,
        }.From(1, MostParts);
        var json = new Option<bool>("--json")
        {
            Description = "One JSON document instead of text (docs/reference/json.md).",
        };
        var search = new SearchArguments();
        var command = new Command(
            "repair",
            "Finds the smallest additions that make a violated property hold, and what of a scheme is redundant."
        )
        {
            scheme,
        };
        search.AddTo(command, property, parts, json);
        command.SetAction(
            (parsed, cancellation) =>
                Task.Run(
                    () =>
                    {
                        var settings = new RepairSettings(
                            s => search.Read(parsed, s),
                            parsed.GetValue(property),
                            parsed.GetValue(parts),
                            parsed.GetValue(json)
                        );
                        return new RepairRun(settings, cancellation).Run(parsed.GetValue(scheme)!);
                    },
                    CancellationToken.None
                )
        );
        return command;
    }
}
