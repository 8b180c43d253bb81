using Lazykick.Checking.Litmus.Answers;
using Lazykick.Checking.Litmus.Reading;
using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Tests.Litmus;

/// <summary>The suite's own tests, with the verdicts of the sources that each names in its header.</summary>
internal static class LitmusFiles
{
    internal static string Folder => Path.Combine(AppContext.BaseDirectory, "Litmus", "Tests");

    internal static IEnumerable<(string Name, string Verdict)> All =>
        ReadVerdicts(Path.Combine(Folder, "verdicts.txt"));

    internal static IEnumerable<(string Name, string Verdict)> ReadVerdicts(string file) =>
        from line in File.ReadLines(file)
        let words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        where words.Length >= 2
        select (
            words[0],
            words[1] switch
            {
                "Forbid" => "Forbidden",
                "Allow" => "Allowed",
                _ => words[1],
            }
        );

    internal static string Text(string name) => File.ReadAllText(Path.Combine(Folder, name + ".litmus"));

    internal static LitmusResult Run(string text, MemoryModel? model = null, int leftOut = 0) =>
        LitmusRunner.Run(
            LitmusReader.Read(text),
            new LitmusOptions { Model = model, LeftOut = leftOut },
            TestContext.Current.CancellationToken
        );

    /// <summary>The final states, a line each.</summary>
    internal static string[] States(LitmusResult result) =>
        [.. result.FinalStates.Select(s => string.Join("; ", s.Values.Select(v => $"{v.Key}={v.Value}")))];

    /// <summary>The final states, each with its values in the order that <see cref="Herd.Normalised"/> gives.</summary>
    internal static SortedSet<string> NormalisedStates(LitmusResult result) =>
        new(States(result).Select(Herd.Normalised), StringComparer.Ordinal);
}
