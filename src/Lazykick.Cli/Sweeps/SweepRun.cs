using System.Globalization;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Memory;
using Lazykick.Checking.Properties;
using Lazykick.Checking.Verdicts;
using Lazykick.Cli.Checking;
using Lazykick.Cli.Json;
using Lazykick.Cli.Output;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Cli.Sweeps;

/// <summary>One call of <c>lazykick check SCHEME --sweep</c>: combinations of knobs on all cores.</summary>
internal sealed class SweepRun(SweepSettings settings, CancellationToken cancellation)
{
    public const string Schema = "lazykick.sweep/1";

    private long _done;

    /// <summary>Checks them, and returns the exit status.</summary>
    public int Run(string argument)
    {
        if (SchemeArgument.LoadWhole(argument, Console.Error) is not { } scheme || !AreStated(scheme))
            return ExitStatus.WrongInput;
        var options = settings.Options(scheme);
        var diagnostics = new DiagnosticCollection();
        var knobs = SchemeCheck.KnobsOf(scheme, options.Knobs, diagnostics);
        if (diagnostics.Count > 0)
        {
            SchemeArgument.Report(diagnostics, Console.Error);
            return ExitStatus.WrongInput;
        }

        var plan = SweepPlan.Of(scheme, settings.Knobs, settings.Shard, options.Knobs.Keys, Console.Error);
        if (plan is null)
            return ExitStatus.WrongInput;
        var swept = plan.Knobs.Select(k => k.Name).ToHashSet(StringComparer.Ordinal);
        var rows = Check(scheme, plan, options);
        var document = new SweepDocument
        {
            Schema = Schema,
            Version = ProductVersion.Text,
            Scheme = scheme.Name,
            Title = scheme.Title,
            Files = SchemeHashes.Of(scheme),
            Memory = options.Memory,
            Cpus = [.. Enumerable.Range(0, options.Cpus).Select(c => scheme.RoleOf(c).Name)],
            InFlight = options.Memory == MemoryModel.Sc ? 0 : options.InFlight,
            Promised = [.. PropertyList.Of(scheme).Select(p => p.Id).Where(p => PropertyList.IsPromised(scheme, p))],
            Asked = settings.Properties,
            Fixed = knobs.Where(k => !swept.Contains(k.Key)).ToDictionary(StringComparer.Ordinal),
            Knobs = [.. plan.Knobs.Select(k => new SweepDocument.SweptKnob(k.Name, [.. k.Values]))],
            Combinations = plan.Combinations,
            Complete = rows.Count == plan.Combinations,
            Rows = rows,
        };
        return SweepResult.Print(document, settings.Json, rows.Count < plan.Rows.LongCount());
    }

    private List<SweepDocument.SweptCombination> Check(Scheme scheme, SweepPlan plan, CheckOptions options)
    {
        var indices = plan.Rows.ToArray();
        var rows = new SweepDocument.SweptCombination?[indices.Length];
        var workers = Math.Max(1, Math.Min(indices.Length, Environment.ProcessorCount));
        options = options with
        {
            Progress = null,
            Workers = 1,
            Limits = options.Limits with { MaxBytes = Math.Max(1, options.Limits.MaxBytes / workers) },
        };
        using (new Timer(_ => Progress(indices.Length), null, 1000, 1000))
        {
            // Not Parallel.For with a token: what is found until an interrupt is printed. Taken in order, so that an
            // interrupt leaves a beginning.
            var next = -1;
            Parallel.For(
                0,
                workers,
                new ParallelOptions { MaxDegreeOfParallelism = workers },
                _ =>
                {
                    int at;
                    while (
                        !cancellation.IsCancellationRequested && (at = Interlocked.Increment(ref next)) < rows.Length
                    )
                    {
                        rows[at] = Row(scheme, plan, options, indices[at]);
                        Interlocked.Increment(ref _done);
                    }
                }
            );
        }

        StatusLine.Clear();
        return [.. rows.OfType<SweepDocument.SweptCombination>()];
    }

    private SweepDocument.SweptCombination? Row(Scheme scheme, SweepPlan plan, CheckOptions options, long index)
    {
        var values = SweepPlan.ValuesOf([.. plan.Knobs.Select(k => k.Values)], index);
        var knobs = new Dictionary<string, string>(options.Knobs, StringComparer.Ordinal);
        for (var i = 0; i < values.Length; i++)
            knobs[plan.Knobs[i].Name] = values[i];
        var diagnostics = new DiagnosticCollection();
        var result = SchemeCheck.Run(scheme, options with { Knobs = knobs }, diagnostics, cancellation);
        if (result is null)
        {
            var first = diagnostics.First();
            return new(index, values, $"{first.Code}: {first.Message}", null, null, null, null, null, null);
        }

        if (result.End == SearchEnd.Cancelled)
            return null;
        var verdicts = result.Verdicts.Where(
            v => settings.Properties.Count == 0 || settings.Properties.Contains(v.Property)
        );
        return new(
            index,
            values,
            null,
            result.AnswerOn(settings.Properties).Kind,
            result.End,
            result.States,
            result.Transitions,
            result.NotChecked.ContainsKey("S1.windows") ? null : result.Windows.Count(p => p.IsVisited),
            [.. verdicts.Select(v => new SweepDocument.SweptVerdict(v.Property, v.Verdict, LengthOf(v)))]
        );
    }

    private static int? LengthOf(PropertyVerdict verdict) =>
        verdict.Verdict == Verdict.Violated ? verdict.Length : null;

    private bool AreStated(Scheme scheme)
    {
        var stated = PropertyList.Of(scheme).Select(p => p.Id).ToList();
        if (settings.Properties.FirstOrDefault(p => !stated.Contains(p)) is not { } name)
            return true;
        Console.Error.WriteLine($"lazykick: '{scheme.Name}' does not state '{name}'");
        Console.Error.WriteLine($"    {Suggestion.For(name, stated) ?? $"it states {string.Join(", ", stated)}"}");
        return false;
    }

    private void Progress(int rows) =>
        StatusLine.Write(
            string.Create(
                CultureInfo.InvariantCulture,
                $"sweep: {Interlocked.Read(ref _done):N0} of {rows:N0} combinations"
            )
        );
}
