using System.CommandLine;
using Lazykick.Traces.Reports;

namespace Lazykick.Cli.Commands;

/// <summary><c>--cpus LIST</c>: CPUs of a machine or of a trace.</summary>
internal static class CpusOption
{
    public static Option<string?> Create(string description)
    {
        var option = new Option<string?>("--cpus") { Description = description };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && !CpuListText.TryParse(result.Tokens[0].Value, out _))
                result.AddError($"--cpus takes a list of CPUs such as 0,2-3, not '{result.Tokens[0].Value}'.");
        });
        return option;
    }

    /// <summary>The CPUs; null where all are meant.</summary>
    public static IReadOnlySet<int>? Of(ParseResult parsed, Option<string?> option) =>
        CpuListText.TryParse(parsed.GetValue(option), out var cpus) ? cpus : null;
}
