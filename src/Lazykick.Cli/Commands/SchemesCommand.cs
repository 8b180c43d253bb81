using System.CommandLine;
using Lazykick.Checking.Properties;
using Lazykick.Cli.Checking;
using Lazykick.Cli.Json;
using Lazykick.Cli.Output;
using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Model;

namespace Lazykick.Cli.Commands;

/// <summary><c>lazykick schemes</c>: the catalogue.</summary>
internal static class SchemesCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json")
        {
            Description = "One JSON document instead of text (docs/reference/json.md).",
        };
        var bases = new Option<bool>("--all") { Description = "Bases too, which schemes include." };
        var command = new Command("schemes", "Lists the schemes of the catalogue.") { json, bases };
        command.SetAction(parsed => List(parsed.GetValue(json), parsed.GetValue(bases)));
        var name = new Argument<string>("NAME") { Description = "A name of the catalogue." };
        var with = new Option<bool>("--with-bases")
        {
            Description = "Also the files that it includes: to be read, as a file holds one scheme.",
        };
        var document = new Option<bool>("--json")
        {
            Description = "One JSON document with the text of every file, instead of text (docs/reference/json.md).",
        };
        var show = new Command("show", "Prints a scheme as a file that can be changed and checked.")
        {
            name,
            with,
            document,
        };
        show.Validators.Add(result =>
        {
            if (result.GetValue(document) && result.GetValue(with))
                result.AddError("--json has the files that the scheme includes, too: leave out --with-bases");
        });
        show.SetAction(parsed =>
            Show(parsed.GetValue(name)!, parsed.GetValue(with), isJson: parsed.GetValue(document))
        );
        command.Subcommands.Add(show);
        command.Subcommands.Add(SchemesFormatCommand.Create());
        command.Subcommands.Add(SchemesLintCommand.Create());
        return command;
    }

    private static int List(bool json, bool bases)
    {
        var schemes = Catalogue
            .Instance.Names.Where(n => !n.Contains('/', StringComparison.Ordinal))
            .Select(n => SchemeLoader.FromCatalogue(n)!)
            .Where(s => bases || !s.IsBase)
            .ToList();
        if (!json)
        {
            Write(schemes);
            return ExitStatus.Done;
        }

        var entries = schemes
            .Select(s => new SchemesDocument.CatalogueEntry(s.Name, s.Title, s.IsBase, Knobs(s)))
            .Concat(
                Field().Select(f => new SchemesDocument.CatalogueEntry(f.Name, f.Scheme.Title, false, Knobs(f.Scheme)))
            );
        JsonOutput.Print(new SchemesDocument("lazykick.schemes/2", [.. entries]), JsonOutput.Documents.SchemesDocument);
        return ExitStatus.Done;
    }

    private static IEnumerable<(string Name, Scheme Scheme)> Field() =>
        Catalogue.Instance.Field.Select(n => (n, SchemeLoader.FromCatalogue(n)!));

    private static OrderedDictionary<string, IReadOnlyList<string>> Knobs(Scheme scheme)
    {
        var knobs = new OrderedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var knob in scheme.Knobs.Values)
            knobs.Add(knob.Name, [.. knob.Values.OrderBy(v => v != knob.Values[knob.Default])]);
        return knobs;
    }

    /// <summary>A scheme's own knobs below it, those of the bases that several include once below all.</summary>
    private static void Write(IReadOnlyList<Scheme> schemes)
    {
        const int Width = 100;
        var name = schemes.Max(s => s.Name.Length) + 2;
        foreach (var scheme in schemes)
        {
            Terminal.Standard.Line((scheme.Name.PadRight(name), "bold"), (scheme.Title, ""));
            Knobs(scheme.Knobs.Values.Where(k => k.Span.Source.Path == scheme.Header.Span.Source.Path), name);
        }

        Terminal.Standard.Line();
        Terminal.Standard.Line("knobs of the bases that schemes include (docs/reference/catalogue.md):");
        Knobs(
            schemes
                .SelectMany(s => s.Knobs.Values.Where(k => k.Span.Source.Path != s.Header.Span.Source.Path))
                .DistinctBy(k => k.Name),
            2
        );
        Terminal.Standard.Line();
        Terminal.Standard.Line("protocols of today's kernels and runtimes (docs/reference/field.md):");
        var field = Field().ToList();
        var column = field.Max(f => f.Name.Length) + 2;
        foreach (var (path, scheme) in field)
            Terminal.Standard.Line((path.PadRight(column), "bold"), (scheme.Title, ""));

        static void Knobs(IEnumerable<Knob> knobs, int indent)
        {
            var line = new string(' ', indent - 1);
            foreach (var knob in knobs)
            {
                var word = $" {knob.Name}={knob.Values[knob.Default]}";
                if (line.Length + word.Length > Width)
                {
                    Terminal.Standard.Line(line);
                    line = new string(' ', indent - 1);
                }

                line += word;
            }

            if (line.Length >= indent)
                Terminal.Standard.Line(line);
        }
    }

    private static int Show(string name, bool withBases, bool isJson)
    {
        if (Catalogue.Instance.Find(name) is null)
        {
            Console.Error.WriteLine($"lazykick: there is no scheme '{name}' in the catalogue");
            Console.Error.WriteLine($"    {SchemeArgument.HintFor(name)}");
            return ExitStatus.WrongInput;
        }

        if (SchemeArgument.Load(name, Console.Error) is not { } scheme)
            return ExitStatus.WrongInput;
        var files = scheme.Files.Reverse().ToList();
        if (isJson)
        {
            var document = new SchemeDocument(
                "lazykick.scheme/1",
                name,
                scheme.Title,
                scheme.IsBase,
                scheme.Sources,
                scheme.Promises,
                [.. PropertyList.Of(scheme).Select(p => p.Id)],
                Knobs(scheme),
                [.. files.Select(f => new SchemeDocument.SchemeFile(f.Path, f.Text))]
            );
            JsonOutput.Print(document, JsonOutput.Documents.SchemeDocument);
            return ExitStatus.Done;
        }

        if (!withBases)
        {
            // The lines are those of the file: messages and races name them.
            Terminal.Standard.Line(files[0].Text.TrimEnd());
            Terminal.Standard.Line();
            Terminal.Standard.Line(($"# {files[0].Path}", "bold"));
            if (files.Count > 1)
            {
                var bases = string.Join(", ", files.Skip(1).Select(f => Path.GetFileNameWithoutExtension(f.Path)));
                foreach (
                    var line in Wrapping.Lines(
                        "# includes, in turn: ",
                        $"{bases} (lazykick schemes show {name} --with-bases)",
                        0
                    )
                )
                {
                    Terminal.Standard.Line(line.StartsWith('#') ? line : "# " + line);
                }
            }

            return ExitStatus.Done;
        }

        foreach (var file in files)
        {
            Terminal.Standard.Line(($"# {file.Path}", "bold"));
            Terminal.Standard.Line(file.Text.TrimEnd());
            Terminal.Standard.Line();
        }

        return ExitStatus.Done;
    }
}
