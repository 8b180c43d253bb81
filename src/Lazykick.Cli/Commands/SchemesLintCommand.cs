using System.CommandLine;
using Lazykick.Cli.Checking;
using Lazykick.Cli.Output;
using Lazykick.Schemes.Linting;
using Lazykick.Schemes.Model;

namespace Lazykick.Cli.Commands;

/// <summary><c>lazykick schemes lint</c>: what is well formed in a scheme or base, and probably not meant.</summary>
internal static class SchemesLintCommand
{
    public static Command Create()
    {
        var names = new Argument<string[]>("SCHEME")
        {
            Description = "Files, or names of the catalogue; bases too.",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command(
            "lint",
            "Looks for knobs that nothing reads, paths that no role takes, missing handlers; status 1 if there are any."
        )
        {
            names,
        };
        command.SetAction(parsed => Run(parsed.GetValue(names)!));
        return command;
    }

    private static int Run(string[] names)
    {
        var isClean = true;
        foreach (var name in names)
        {
            if (SchemeArgument.Load(name, Console.Error) is not { } scheme)
                return ExitStatus.WrongInput;
            Table(scheme);
            var found = SchemeLint.Of(scheme, SchemeArgument.Beside(name));
            foreach (var diagnostic in found)
                Terminal.Standard.Line(diagnostic.Render("lint").TrimEnd('\n'));
            var count = found.Count + found.Dropped;
            isClean &= count == 0;
            Terminal.Standard.Line(
                $"{scheme.Name}: {(count == 0 ? "nothing found" : count == 1 ? "1 found" : $"{count} found")} "
                    + "(docs/reference/lint.md says what is looked at)"
            );
        }

        return isClean ? ExitStatus.Done : ExitStatus.Violated;
    }

    /// <summary>Which path takes which exception, by where the CPU is.</summary>
    private static void Table(Scheme scheme)
    {
        if (scheme.Paths.Count == 0)
            return;
        string[] places = ["user", .. scheme.Places.Keys, "kernel"];
        var rows = places
            .Select(p => (string[])[p, .. Handlers.Kinds.Select(k => Cell(scheme, k.Trigger, p))])
            .Prepend(["from", .. Handlers.Kinds.Select(k => k.Word)])
            .ToList();
        var widths = Enumerable.Range(0, rows[0].Length).Select(c => rows.Max(r => r[c].Length)).ToList();
        foreach (var row in rows)
        {
            Terminal.Standard.Line(
                string.Join("  ", row.Select((cell, c) => cell.PadRight(widths[c]))).TrimEnd()
            );
        }

        Terminal.Standard.Line();
    }

    private static string Cell(Scheme scheme, Schemes.Syntax.Trigger trigger, string from)
    {
        var paths = Handlers.Of(scheme, trigger, from).ToList();
        return paths.Count == 0 ? "-" : string.Join(" ", paths);
    }
}
