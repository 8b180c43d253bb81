using System.CommandLine;
using System.CommandLine.Parsing;
using Lazykick.Checking.Exploration;
using Lazykick.Cli.Checking;
using Lazykick.Cli.Sweeps;

namespace Lazykick.Cli.Commands;

/// <summary><c>lazykick check</c>: proves or refutes schemes and draws the race.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var schemes = new Argument<string[]>("SCHEME")
        {
            Description = "Names of the catalogue, or .kick files.",
            Arity = ArgumentArity.OneOrMore,
        };
        var property = new Option<string[]>("--property")
        {
            Description = "Report only this property, and let it alone decide the exit status; may be repeated.",
            DefaultValueFactory = _ => [],
        };
        var windows = new Option<bool>("--windows") { Description = "List every position, not only the windows." };
        var moves = new Option<bool>("--moves") { Description = "Draw every move of the race." };
        var at = new Option<string?>("--at")
        {
            Description =
                "PATH:STEP, for example el1_irq:eret: may text there be old after the kick, and how does it come to "
                    + "that? A step is named by how it reads, how it begins, or its line.",
        };
        var another = new Option<bool>("--another")
        {
            Description =
                "Also draw the next race that ends in another path, or breaks at another step; may be repeated.",
        };
        var expected = new Option<bool>("--expected")
        {
            Description =
                "Check every configuration of the .expected file beside the scheme, and only whether all is as "
                    + "expected.",
        };
        var selfTest = new Option<bool>("--self-test")
        {
            Description = "Search with and without reductions, and compare every answer (docs/design/reductions.md).",
        };
        var json = new Option<bool>("--json")
        {
            Description = "One JSON document instead of text (docs/reference/json.md).",
        };
        var junit = new Option<string?>("--junit") { Description = "Also write a JUnit report into this file." };
        var sarif = new Option<string?>("--sarif") { Description = "Also write a SARIF 2.1.0 log into this file." };
        var html = new Option<string?>("--html")
        {
            Description =
                "Also write a page into this file: verdicts, races to step through, windows. It needs no network.",
        };
        var against = SearchArguments.Knobs(
            "--against",
            "Show the scheme with this knob beside it on the page of --html: knob=value; may be repeated."
        );
        var save = new Option<string?>("--save")
        {
            Description = "Also save the execution that is drawn into this file, for 'lazykick replay'.",
        };
        var sweep = new Option<string?>("--sweep")
        {
            Description =
                "Check every combination of these knobs' values, on all cores, and print a matrix of verdicts: "
                    + "knob,knob or all.",
        };
        var shard = new Option<string?>("--shard")
        {
            Description =
                "Of the combinations of --sweep only the ith of n parts: i/n. With --json, 'lazykick merge' puts the "
                    + "parts together.",
        };
        var checkpoint = new Option<string?>("--checkpoint")
        {
            Description =
                "Every half minute, and at a limit, save into this file how far the search is; the same call goes on "
                    + "from there.",
        };
        var order = new Option<string?>("--order")
        {
            Description = "Keep the states in a new file, in the order in which they are found: half of the memory.",
        };
        var bitstate = new Option<string?>("--bitstate")
        {
            Description =
                "For spaces beyond the memory: use this much, for example 2G, for a few bits of each state. What is "
                    + "violated is; that nothing is shows nothing.",
        };
        bitstate.Validators.Add(r =>
        {
            if (r.Tokens.Count > 0 && LimitOptions.Size(r.Tokens[0].Value) is null)
                r.AddError($"--bitstate takes a size such as 500M or 2G, not '{r.Tokens[0].Value}'.");
        });
        var search = new SearchArguments();
        var command = new Command(
            "check",
            "Proves or refutes schemes by exploring everything that they can do, and draws the race."
        )
        {
            schemes,
        };
        search.AddTo(
            command,
            property,
            windows,
            moves,
            at,
            another,
            expected,
            selfTest,
            json,
            junit,
            sarif,
            html,
            against,
            save,
            sweep,
            shard,
            checkpoint,
            order,
            bitstate
        );
        command.Validators.Add(result =>
        {
            if (result.GetValue(expected) && result.GetValue(property) is { Length: > 0 })
                result.AddError("--expected takes its configurations from the file: leave out --property");
            Option[] others = [property, windows, another, expected, junit, sarif, html, against, save];
            if (IsGiven(result, at) && others.FirstOrDefault(o => IsGiven(result, o)) is { } other)
                result.AddError($"--at asks about a position, and nothing else: leave out {other.Name}");
            if (IsGiven(result, another) && result.GetValue(expected))
                result.AddError("--expected draws nothing: leave out --another");
        });
        command.Validators.Add(result =>
        {
            Option[] others = [property, windows, at, another, expected, json, junit, sarif, html, against];
            if (result.GetValue(selfTest) && others.FirstOrDefault(o => IsGiven(result, o)) is { } other)
                result.AddError($"--self-test compares two searches, and nothing else: leave out {other.Name}");
        });
        command.Validators.Add(result =>
        {
            if (result.GetValue(against) is { Length: > 0 } && result.GetValue(html) is null)
                result.AddError("--against is for the page: add --html FILE");
            if (result.GetValue(html) is not null && result.GetValue(expected))
                result.AddError("--html shows races, and --expected looks for none: leave out one of them");
            if (result.GetValue(save) is null)
                return;
            if (result.GetValue(expected))
                result.AddError("--save saves a race, and --expected looks for none: leave out one of them");
            if (result.GetValue(schemes) is { Length: > 1 })
                result.AddError("--save is for one scheme: name only one");
        });
        command.Validators.Add(result =>
        {
            Option[] others = [windows, moves, at, another, expected, junit, sarif, html, against, save];
            if (IsGiven(result, sweep) && others.FirstOrDefault(o => IsGiven(result, o)) is { } other)
                result.AddError($"--sweep prints a matrix, and nothing else: leave out {other.Name}");
            if (IsGiven(result, sweep) && result.GetValue(schemes) is { Length: > 1 })
                result.AddError("--sweep is for one scheme: name only one");
            if (result.GetValue(shard) is not { } part)
                return;
            if (!IsGiven(result, sweep))
                result.AddError("--shard is a part of a sweep: add --sweep knob,knob");
            if (SweepPlan.ShardOf(part) is null)
                result.AddError($"--shard takes i/n with i from 1 to n, for example 1/8, not '{part}'");
        });
        command.Validators.Add(result =>
        {
            Option[] files = [checkpoint, order, bitstate];
            if (files.FirstOrDefault(o => IsGiven(result, o)) is not { } file)
                return;
            Option[] others = [at, another, expected, selfTest, html, sweep];
            if (others.FirstOrDefault(o => IsGiven(result, o)) is { } other)
                result.AddError($"{file.Name} is for one search: leave out {other.Name}");
            if (result.GetValue(schemes) is { Length: > 1 })
                result.AddError($"{file.Name} is for one search: name only one scheme");
            if (IsGiven(result, bitstate) && (IsGiven(result, checkpoint) || IsGiven(result, order)))
                result.AddError("--bitstate keeps no states: leave out --checkpoint and --order");
        });
        command.SetAction(
            (parsed, cancellation) =>
                Task.Run(
                    () =>
                    {
                        if (parsed.GetValue(sweep) is { } knobs)
                        {
                            var swept = new SweepSettings(
                                scheme => search.Read(parsed, scheme),
                                knobs,
                                parsed.GetValue(shard) is { } part ? SweepPlan.ShardOf(part)!.Value : (1, 1),
                                [.. parsed.GetValue(property)!.Distinct()],
                                parsed.GetValue(json)
                            );
                            return new SweepRun(swept, cancellation).Run(parsed.GetValue(schemes)![0]);
                        }

                        var settings = new CheckSettings
                        {
                            Options = scheme =>
                                search.Read(parsed, scheme) with
                                {
                                    Files = new SearchFiles(
                                        parsed.GetValue(order),
                                        parsed.GetValue(checkpoint),
                                        LimitOptions.Size(parsed.GetValue(bitstate) ?? "") ?? 0
                                    ),
                                },
                            Properties = [.. parsed.GetValue(property)!.Distinct()],
                            IsRaised = !search.HasInFlight(parsed),
                            IsFree = search.IsFree(parsed),
                            AllPositions = parsed.GetValue(windows),
                            AllMoves = parsed.GetValue(moves),
                            At = parsed.GetValue(at) is { } position ? PositionPattern.Parse(position) : null,
                            Another = parsed.GetResult(another)?.IdentifierTokenCount ?? 0,
                            Expected = parsed.GetValue(expected),
                            IsSelfTest = parsed.GetValue(selfTest),
                            Json = parsed.GetValue(json),
                            JUnit = parsed.GetValue(junit),
                            Save = parsed.GetValue(save),
                            Html = parsed.GetValue(html),
                            Against = SearchArguments.Values(parsed.GetValue(against)!),
                            Sarif = parsed.GetValue(sarif),
                        };
                        return new CheckBatch(settings, cancellation).Run(parsed.GetValue(schemes)!);
                    },
                    CancellationToken.None
                )
        );
        return command;

        static bool IsGiven(SymbolResult result, Option option) => result.GetResult(option) is { Implicit: false };
    }
}
