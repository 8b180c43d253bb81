using System.CommandLine;
using System.Text;
using Lazykick.Cli.Output;

namespace Lazykick.Cli.Help;

/// <summary><c>lazykick man</c>: the manual page, made from the commands.</summary>
internal static class ManCommand
{
    public static Command Create(Command root)
    {
        var command = new Command("man", "Prints the manual page, in the roff of man(7).");
        command.SetAction(_ =>
        {
            Console.Out.Write(Page(root));
            return ExitStatus.Done;
        });
        return command;
    }

    private static string Page(Command root)
    {
        var page = new StringBuilder();
        page.Append($".TH LAZYKICK 1 \"\" \"lazykick {Text(ProductVersion.Text.Split('+')[0])}\"\n");
        page.Append($".SH NAME\nlazykick \\- "
            + $"{Text(char.ToLowerInvariant(root.Description![0]) + root.Description[1..].TrimEnd('.'))}\n");
        page.Append(".SH SYNOPSIS\n.B lazykick\n.I COMMAND\n[\n.I OPTION\n\\&...\n]\n");
        page.Append(".SH COMMANDS\n");
        foreach (var command in root.Subcommands.Where(c => !c.Hidden))
            Command(page, command, command.Name);
        page.Append(".SH EXIT STATUS\n");
        foreach (var (status, meaning) in ExitStatus.Meanings)
            page.Append($".TP\n.B {status}\n{Text(meaning)}\n");
        page.Append(".SH ENVIRONMENT\n");
        page.Append(".TP\n.B NO_COLOR\nPlain text on a terminal, too. Into a pipe the output is always plain.\n");
        page.Append(".TP\n.B LAZYKICK_DEBUG\nA defect of lazykick ends with its stack trace, for a report.\n");
        page.Append(".SH SEE ALSO\n.BR trace-cmd (1),\n.BR perf (1),\n.BR herd7 (1)\n");
        return page.ToString();
    }

    private static void Command(StringBuilder page, Command command, string name)
    {
        var arguments = command.Arguments.Select(a => a.Arity.MaximumNumberOfValues > 1 ? $"{a.Name}..." : a.Name);
        page.Append($".SS \"{Text(string.Join(' ', arguments.Prepend($"lazykick {name}")))}\"\n");
        page.Append($"{Text(command.Description!)}\n");
        foreach (var argument in command.Arguments)
            page.Append($".TP\n.I {Text(argument.Name)}\n{Text(argument.Description ?? "")}\n");
        foreach (var option in command.Options.Where(o => !o.Hidden))
        {
            var names = option.Aliases.Append(option.Name).OrderBy(n => n.Length);
            var value = ValueNames.TakesAValue(option) && option.HelpName is { } word ? $" \\fI{Text(word)}\\fR" : "";
            page.Append($".TP\n.B {Text(string.Join(", ", names))}{value}\n{Text(option.Description ?? "")}\n");
        }

        foreach (var (call, what) in Examples.Of(name))
            page.Append($".TP\n.B \"{Text(call)}\"\n{Text(char.ToUpperInvariant(what[0]) + what[1..])}.\n");
        foreach (var below in command.Subcommands.Where(c => !c.Hidden))
            Command(page, below, $"{name} {below.Name}");
    }

    // A backslash and a hyphen mean something to roff; so do a point and a quote at the beginning of a line.
    private static string Text(string text)
    {
        var escaped = text.Replace("\\", "\\e", StringComparison.Ordinal)
            .Replace("-", "\\-", StringComparison.Ordinal)
            .Replace("\"", "\\(dq", StringComparison.Ordinal)
            .Replace("\n", " ", StringComparison.Ordinal);
        return escaped.Length > 0 && escaped[0] is '.' or '\'' ? $"\\&{escaped}" : escaped;
    }
}
