using System.Diagnostics;
using System.Globalization;
using Lazykick.Checking.Changes;
using Lazykick.Checking.Verdicts;
using Lazykick.Cli.Checking;
using Lazykick.Cli.Json;
using Lazykick.Cli.Output;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Cli.Repairs;

/// <summary>One call of <c>lazykick repair</c>.</summary>
internal sealed class RepairRun(RepairSettings settings, CancellationToken interrupt)
{
    private static readonly TimeSpan s_between = TimeSpan.FromSeconds(2);

    /// <summary>Answers, and returns the exit status.</summary>
    public int Run(string argument)
    {
        if (SchemeArgument.LoadWhole(argument, Console.Error) is not { } scheme)
            return ExitStatus.WrongInput;
        var options = settings.Options(scheme);
        // The time limit is one for the command, not one for each of its searches.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(interrupt);
        if (options.Limits.Timeout != Timeout.InfiniteTimeSpan)
            limit.CancelAfter(options.Limits.Timeout);
        options = options with { Limits = options.Limits with { Timeout = Timeout.InfiniteTimeSpan }, Progress = null };
        try
        {
            return Run(scheme, options, limit.Token);
        }
        catch (OperationCanceledException) when (!interrupt.IsCancellationRequested)
        {
            Console.Error.WriteLine("lazykick: gave up at --timeout before the scheme itself was searched");
            return ExitStatus.GaveUp;
        }
    }

    private int Run(Scheme scheme, CheckOptions options, CancellationToken cancellation)
    {
        var diagnostics = new DiagnosticCollection();
        if (RepairStudy.Of(scheme, options, diagnostics, cancellation) is not { } study)
        {
            SchemeArgument.Report(diagnostics, Console.Error);
            return ExitStatus.WrongInput;
        }

        if (!study.IsWhole)
        {
            Console.Error.WriteLine(
                "lazykick: the search of the scheme ended at a limit: nothing can be compared with it"
            );
            return ExitStatus.GaveUp;
        }

        if (settings.Property is { } named && study.Check.Verdicts.All(v => v.Property != named))
        {
            var reason = study.Check.NotChecked.TryGetValue(named, out var why) ? why : "it has no such property";
            Console.Error.WriteLine($"lazykick: {named} is not checked of '{scheme.Name}': {reason}");
            return ExitStatus.WrongInput;
        }

        var property = settings.Property ?? study.FirstBroken;
        var isBroken = property is not null && study.Check[property].Verdict == Verdict.Violated;
        var answer = Answer(study, property, isBroken);
        if (settings.Json)
            JsonOutput.Print(RepairJson.Of(answer), JsonOutput.Documents.RepairDocument);
        else
            new RepairText(Terminal.Standard).Write(answer);
        return answer.Status;
    }

    /// <summary>What was found; at an interrupt or the time limit what was found until then.</summary>
    private RepairAnswer Answer(RepairStudy study, string? property, bool isBroken)
    {
        var since = Stopwatch.StartNew();
        var sets = 0;
        var far = isBroken ? Sets(0) : "which parts are redundant";
        RepairAnswer answer;
        using (new Timer(_ => Progress(Volatile.Read(ref far), since.Elapsed), null, s_between, s_between))
        {
            var repairs = isBroken
                ? study.FindRepairs(property!, settings.MostParts, _ => Volatile.Write(ref far, Sets(++sets)))
                : null;
            answer = new RepairAnswer(study.Check, property, repairs, Redundant(study, repairs, Tried));
        }

        StatusLine.Clear();
        return answer;

        void Tried(int parts, int of) =>
            Volatile.Write(
                ref far,
                $"{(isBroken ? $"{Sets(sets)}; " : "")}redundant: {parts} of {of} parts tried"
                    + (parts == of ? "; which may go together" : "")
            );
    }

    private static string Sets(int found) => $"{found} {(found == 1 ? "set" : "sets")} found";

    private static void Progress(string far, TimeSpan elapsed) =>
        StatusLine.Write(
            string.Create(CultureInfo.InvariantCulture, $"repair: {far}, {elapsed.TotalSeconds:F0} s")
        );

    private static Redundancy? Redundant(RepairStudy study, RepairResult? repairs, Action<int, int> tried)
    {
        // A scheme that skips nobody does not need what makes skipping safe: that says nothing about the scheme.
        var mended = repairs?.Found.FirstOrDefault(r => !r.SkipsNobody);
        return study.FindRedundant(mended?.Parts ?? [], tried);
    }
}
