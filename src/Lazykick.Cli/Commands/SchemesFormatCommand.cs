using System.CommandLine;
using Lazykick.Cli.Checking;
using Lazykick.Cli.Output;
using Lazykick.Schemes.Syntax;
using Lazykick.Schemes.Text;

namespace Lazykick.Cli.Commands;

/// <summary><c>lazykick schemes fmt</c>: lays out scheme files.</summary>
internal static class SchemesFormatCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("FILE") { Description = "Scheme files.", Arity = ArgumentArity.OneOrMore };
        var check = new Option<bool>("--check") { Description = "Write nothing; exit with 1 if a file would change." };
        var command = new Command("fmt", "Lays out scheme files: four spaces a level, one space between words.")
        {
            files,
            check,
        };
        command.SetAction(parsed => Run(parsed.GetValue(files)!, parsed.GetValue(check)));
        return command;
    }

    private static int Run(string[] files, bool check)
    {
        var isTidy = true;
        foreach (var file in files)
        {
            try
            {
                var source = new SourceText(file, File.ReadAllText(file));
                var diagnostics = new DiagnosticCollection();
                if (source.Text.Length > SourceText.MaxLength)
                {
                    Console.Error.WriteLine($"lazykick: {file}: more than {SourceText.MaxLength:N0} characters");
                    return ExitStatus.WrongInput;
                }

                if (SchemeFormatter.Format(source, diagnostics) is not { } text)
                {
                    SchemeArgument.Report(diagnostics, Console.Error);
                    return ExitStatus.WrongInput;
                }

                if (text == source.Text)
                    continue;
                isTidy = false;
                if (check)
                    Terminal.Standard.Line($"would change: {file}");
                else
                    File.WriteAllText(file, text);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine($"lazykick: {file}: {e.Message}");
                return ExitStatus.WrongInput;
            }
        }

        return check && !isTidy ? ExitStatus.Violated : ExitStatus.Done;
    }
}
