using System.CommandLine;
using Lazykick.Schemes.Text;

namespace Lazykick.Cli.Output;

/// <summary>
/// A list of files takes every word that is left, misspelt options among them: those are refused here.
/// </summary>
internal static class WrongOption
{
    /// <summary>Refuses what begins with a dash and is neither <c>-</c> nor a file.</summary>
    public static void RefusedBy(Argument<string[]> files) =>
        files.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
            {
                var text = token.Value;
                if (!text.StartsWith('-') || text.Length == 1 || File.Exists(text) || Directory.Exists(text))
                    continue;
                var known = files.Parents.OfType<Command>().SelectMany(static command => command.Options);
                var suggestion = Suggestion.For(text.Split('=')[0], known.Select(static option => option.Name));
                result.AddError($"unknown option '{text}'{(suggestion is null ? "" : $"; {suggestion}")}");
            }
        });
}
