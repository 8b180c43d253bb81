using System.CommandLine;

namespace Lazykick.Cli.Help;

/// <summary>
/// What help and the manual page call the value of an option: FILE, LIST, SECONDS. Without a name the library repeats
/// the option's own ("--cpus &lt;cpus&gt;"). A test demands a name for every option that takes a value.
/// </summary>
internal static class ValueNames
{
    private static readonly Dictionary<string, string> s_names = new(StringComparer.Ordinal)
    {
        ["--against"] = "KNOB=VALUE",
        ["--anonymise"] = "FILE",
        ["--arch"] = "arm64|x86",
        ["--at"] = "PATH:STEP",
        ["--bitstate"] = "SIZE",
        ["--buffer-mib"] = "MIB",
        ["--causes"] = "FILE",
        ["--checkpoint"] = "FILE",
        ["--cpu"] = "NUMBER",
        ["--cpus"] = "LIST",
        ["check --cpus"] = "NUMBER",
        ["diff --cpus"] = "NUMBER",
        ["export --cpus"] = "NUMBER",
        ["repair --cpus"] = "NUMBER",
        ["--emit-scheme"] = "FILE",
        ["--fail-on"] = "CONDITION",
        ["--for"] = "TIME",
        ["--from"] = "TIME",
        ["--functions"] = "FILE",
        ["--html"] = "FILE",
        ["--in-flight"] = "NUMBER",
        ["--junit"] = "FILE",
        ["--kicks"] = "FILE",
        ["--kinds"] = "FILE",
        ["--listen"] = "ADDRESS:PORT",
        ["--max-memory"] = "SIZE",
        ["--max-states"] = "NUMBER",
        ["--memory"] = "MODEL",
        ["--model"] = "FILE",
        ["--order"] = "FILE",
        ["--otlp"] = "URL",
        ["--output"] = "FILE",
        ["-o"] = "FILE",
        ["--parts"] = "NUMBER",
        ["--perfetto"] = "FILE",
        ["--phase"] = "NAME",
        ["--preset"] = "census|exact|deep",
        ["--property"] = "PROPERTY",
        ["--rate"] = "NUMBER",
        ["--sarif"] = "FILE",
        ["--save"] = "FILE",
        ["--scheme"] = "SCHEME",
        ["--seconds"] = "SECONDS",
        ["--set"] = "KNOB=VALUE",
        ["--shard"] = "I/N",
        ["--site"] = "NAME",
        ["--sweep"] = "KNOB,...",
        ["--system-map"] = "FILE",
        ["--tasks"] = "TASK,...",
        ["--timeout"] = "SECONDS",
        ["--to"] = "TIME",
        ["--until-break"] = "TIME",
        ["--window"] = "NAME",
        ["--workers"] = "NUMBER",
    };

    /// <summary>Names the values of all options of <paramref name="command"/> and of the commands below it.</summary>
    public static void Give(Command command)
    {
        foreach (var option in command.Options.Where(TakesAValue))
        {
            if (Name(command.Name, option.Name) is { } name)
                option.HelpName = name;
        }

        foreach (var below in command.Subcommands)
            Give(below);
    }

    /// <summary>Whether the option is more than a switch.</summary>
    public static bool TakesAValue(Option option) =>
        option.Arity.MaximumNumberOfValues > 0 && option.ValueType != typeof(bool);

    private static string? Name(string command, string option) =>
        s_names.GetValueOrDefault($"{command} {option}") ?? s_names.GetValueOrDefault(option);
}
