using Lazykick.Checking.Replaying;
using Lazykick.Checking.Verdicts;
using Lazykick.Cli.Checking;
using Lazykick.Cli.Json;
using Lazykick.Cli.Output;
using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Cli.Replaying;

/// <summary>One call of <c>lazykick replay</c>.</summary>
internal sealed class ReplayRun(bool json, CancellationToken cancellation)
{
    /// <summary>Replays a file, and returns the exit status.</summary>
    /// <param name="file">A file of <c>check --save</c>.</param>
    /// <param name="argument">The scheme as it is now; null: that of the catalogue, if it has one of that name.</param>
    public int Run(string file, string? argument)
    {
        var saved = JsonInput.Read(
            file,
            "a saved execution",
            ExecutionFile.Schema,
            JsonInput.Documents.ExecutionDocument,
            Console.Error
        );
        if (saved is null)
            return ExitStatus.WrongInput;
        if (ExecutionFile.Mistake(saved) is { } mistake)
            return Refuse(file, mistake, ["it was changed after lazykick wrote it; save it anew with check --save"]);
        var texts = new SavedTexts(saved.Files);
        if ((argument ?? InCatalogue(saved.Scheme)) is { } name)
        {
            if (SchemeArgument.LoadWhole(name, Console.Error) is not { } now)
                return ExitStatus.WrongInput;
            var differences = texts.Differences(now).ToList();
            if (differences.Count > 0)
            {
                return Refuse(
                    file,
                    $"the text of '{now.Name}' is not that of the saved execution",
                    [.. differences, "save it anew with check --save, or name the scheme that it was saved from"]
                );
            }
        }

        var diagnostics = new DiagnosticCollection();
        if (texts.Load(diagnostics) is not { IsBase: false } scheme || scheme.Name != saved.Scheme)
        {
            SchemeArgument.Report(diagnostics, Console.Error);
            return Refuse(file, "its texts are not the scheme that it names", []);
        }

        return Run(file, saved, scheme);
    }

    private int Run(string file, ExecutionDocument saved, Scheme scheme)
    {
        var options = new CheckOptions
        {
            Cpus = saved.Cpus.Count,
            Memory = saved.Memory,
            InFlight = Math.Max(1, saved.InFlight),
            Knobs = saved.Knobs,
        };
        var diagnostics = new DiagnosticCollection();
        var replay = Replay.Of(
            scheme,
            options,
            saved.Property,
            saved.Starts,
            saved.Moves,
            diagnostics,
            cancellation,
            out var refusal
        );
        if (replay is null)
        {
            SchemeArgument.Report(diagnostics, Console.Error);
            return Refuse(
                file,
                $"this is no execution of '{scheme.Name}': {refusal ?? "its settings are none of the scheme"}",
                [
                    saved.Version == ProductVersion.Text
                        ? "it was changed after lazykick wrote it; save it anew with check --save"
                        : $"it was written by lazykick {saved.Version}, and this is {ProductVersion.Text}: save it "
                            + "anew with check --save",
                ]
            );
        }

        var text = new ReplayText(saved, scheme, replay);
        if (json)
            JsonOutput.Print(ReplayJson.Of(saved, replay), JsonOutput.Documents.ReplayDocument);
        else if (Console.IsOutputRedirected || Console.IsInputRedirected || Terminal.IsPlain)
            text.Write(Terminal.Standard);
        else
            new ReplayScreen(text, replay.Length).Run(cancellation);
        return ExitStatus.Done;
    }

    private static string? InCatalogue(string name)
    {
        string[] known = [name, $"field/{name}"];
        return known.FirstOrDefault(n => Catalogue.Instance.Names.Concat(Catalogue.Instance.Field).Contains(n));
    }

    private static int Refuse(string file, string why, IReadOnlyList<string> hints)
    {
        Console.Error.WriteLine($"lazykick: {file}: {why}");
        foreach (var hint in hints)
            Console.Error.WriteLine($"    {hint}");
        return ExitStatus.WrongInput;
    }
}
