using System.Globalization;
using Lazykick.Cli.Json;
using Lazykick.Cli.Output;

namespace Lazykick.Cli.Sweeps;

/// <summary>
/// One call of <c>lazykick merge</c>: the union of sweeps of one scheme. The order of the files does not matter, and a
/// file that comes twice changes nothing. A combination that one file has decided counts where another one gave up.
/// </summary>
internal static class SweepMerge
{
    private const int ShownMissing = 8;

    /// <summary>Merges, and returns the exit status.</summary>
    public static int Run(IReadOnlyList<string> files, bool json)
    {
        SweepDocument? first = null;
        var rows = new SortedDictionary<long, (SweepDocument.SweptCombination Row, string File)>();
        foreach (var file in files)
        {
            var sweep = JsonInput.Read(
                file,
                "a sweep",
                SweepRun.Schema,
                JsonInput.Documents.SweepDocument,
                Console.Error
            );
            if (sweep is null)
                return ExitStatus.WrongInput;
            if (Mistake(sweep) is { } mistake)
                return Refuse(file, mistake, "it was changed after lazykick wrote it; make it anew");
            if (first is not null && Difference(first, sweep) is { } difference)
            {
                return Refuse(
                    file,
                    $"it is about something else than {files[0]}: {difference}",
                    "merge files of one sweep"
                );
            }

            first ??= sweep;
            foreach (var row in sweep.Rows)
            {
                if (!rows.TryGetValue(row.Index, out var known) || Better(row, known.Row))
                {
                    rows[row.Index] = (row, file);
                }
                else if (SweepResult.IsDecided(row) && SweepResult.IsDecided(known.Row) && !IsSame(row, known.Row))
                {
                    return Refuse(
                        file,
                        $"{Name(first, row.Index)} came out otherwise in {known.File}",
                        "one of the two was changed after lazykick wrote it; make both anew"
                    );
                }
            }
        }

        var merged = first! with
        {
            Rows = [.. rows.Values.Select(r => r.Row)],
            Complete = rows.Count == first.Combinations,
        };
        var status = SweepResult.Print(merged, json, false);
        if (merged.Complete)
            return status;
        foreach (var line in Missing(merged))
            Console.Error.WriteLine(line);
        return ExitStatus.Worse(status, ExitStatus.CannotTell);
    }

    private static int Refuse(string file, string why, string hint)
    {
        Console.Error.WriteLine($"lazykick: {file}: {why}");
        Console.Error.WriteLine($"    {hint}");
        return ExitStatus.WrongInput;
    }

    // Of two that gave up the one that came further: an order of all rows, so that the order of files does not matter.
    private static bool Better(SweepDocument.SweptCombination row, SweepDocument.SweptCombination known) =>
        SweepResult.IsDecided(row) != SweepResult.IsDecided(known)
            ? SweepResult.IsDecided(row)
            : !SweepResult.IsDecided(row) && string.CompareOrdinal(Key(row), Key(known)) > 0;

    private static string Key(SweepDocument.SweptCombination row) =>
        string.Create(CultureInfo.InvariantCulture, $"{row.States:D20} {row.Moves:D20} {Content(row)}");

    private static bool IsSame(SweepDocument.SweptCombination row, SweepDocument.SweptCombination other) =>
        (row.States, row.Moves) == (other.States, other.Moves) && Content(row) == Content(other);

    private static string Content(SweepDocument.SweptCombination row) =>
        string.Join(
            ' ',
            [
                $"{row.Refused} {row.Answer} {row.End} {row.OldText}",
                .. (row.Properties ?? []).Select(p => $"{p.Name}:{p.Verdict}:{p.Length}"),
            ]
        );

    /// <summary>What no document that lazykick wrote has; or null.</summary>
    private static string? Mistake(SweepDocument sweep)
    {
        if (
            sweep.Knobs.Any(k => k?.Name is null || k.Values is null || k.Values.Count == 0 || k.Values.Contains(null!))
            || sweep.Files.Any(f => f?.Name is null || f.Sha256 is null)
            || sweep.Cpus.Concat(sweep.Promised).Concat(sweep.Asked).Contains(null!)
            || sweep.Fixed.Values.Contains(null!)
            || sweep.Rows.Contains(null!)
        )
        {
            return "a name is null";
        }

        var combinations = sweep.Knobs.Aggregate(
            (Int128)1,
            (product, k) => Int128.Min(product * k.Values.Count, long.MaxValue)
        );
        if (combinations != sweep.Combinations)
            return $"its knobs have not {sweep.Combinations} combinations";
        var knobs = sweep.Knobs.Select(k => k.Values).ToList();
        foreach (var row in sweep.Rows)
        {
            if (row.Index < 0 || row.Index >= sweep.Combinations)
                return $"there is no combination {row.Index}";
            if (row.Values is null || !row.Values.SequenceEqual(SweepPlan.ValuesOf(knobs, row.Index)))
                return $"combination {row.Index} has not its values";
            if (row.Refused is null && (row.Answer is null || row.End is null || row.Properties is null))
                return $"combination {row.Index} has no answer";
            if (row.Properties?.Any(p => p?.Name is null) == true)
                return $"combination {row.Index} has a property without a name";
        }

        return sweep.Rows.Select(r => r.Index).Distinct().Count() == sweep.Rows.Count
            ? null
            : "a combination comes twice";
    }

    private static string? Difference(SweepDocument one, SweepDocument other)
    {
        if (one.Scheme != other.Scheme)
            return $"scheme {other.Scheme}, not {one.Scheme}";
        if (one.Version != other.Version)
            return $"written by lazykick {other.Version}, not {one.Version}";
        foreach (var (a, b) in one.Files.Zip(other.Files))
        {
            if (a != b)
                return a.Name == b.Name ? $"the text of {a.Name} differs" : $"it includes {b.Name}, not {a.Name}";
        }

        if (one.Files.Count != other.Files.Count)
            return "it includes other files";
        if (one.Memory != other.Memory)
        {
            return $"memory {other.Memory.ToString().ToLowerInvariant()}, not "
                + $"{one.Memory.ToString().ToLowerInvariant()}";
        }

        if (!one.Cpus.SequenceEqual(other.Cpus))
        {
            return $"{other.Cpus.Count} CPUs ({string.Join(", ", other.Cpus)}), not {one.Cpus.Count} "
                + $"({string.Join(", ", one.Cpus)})";
        }

        if (one.InFlight != other.InFlight)
            return $"--in-flight {other.InFlight}, not {one.InFlight}";
        if (!one.Asked.SequenceEqual(other.Asked) || !one.Promised.SequenceEqual(other.Promised))
            return "other properties count";
        if (!one.Knobs.Select(k => k.Name).SequenceEqual(other.Knobs.Select(k => k.Name)))
        {
            return $"it sweeps {string.Join(", ", other.Knobs.Select(k => k.Name))}, not "
                + $"{string.Join(", ", one.Knobs.Select(k => k.Name))}";
        }

        var knob = one.Fixed.Keys.Union(other.Fixed.Keys).FirstOrDefault(k => Of(one, k) != Of(other, k));
        if (knob is not null)
            return $"{knob}={Of(other, knob)}, not {Of(one, knob)}";
        return one.Knobs.Zip(other.Knobs).All(k => k.First.Values.SequenceEqual(k.Second.Values))
            ? null
            : "a knob has other values";

        static string? Of(SweepDocument sweep, string knob) => sweep.Fixed.GetValueOrDefault(knob);
    }

    private static IEnumerable<string> Missing(SweepDocument sweep)
    {
        var missing = sweep.Combinations - sweep.Rows.Count;
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"lazykick: missing: {missing:N0} of {sweep.Combinations:N0} combinations"
        );
        var shown = 0;
        var next = 0L;
        foreach (var row in sweep.Rows.Select(r => r.Index).Append(sweep.Combinations))
        {
            for (; next < row && shown < ShownMissing; next++, shown++)
                yield return $"    {Name(sweep, next)}";
            if (shown == ShownMissing)
                break;
            next = row + 1;
        }

        if (missing > shown)
            yield return string.Create(CultureInfo.InvariantCulture, $"    and {missing - shown:N0} more");
    }

    private static string Name(SweepDocument sweep, long index)
    {
        var values = SweepPlan.ValuesOf([.. sweep.Knobs.Select(k => k.Values)], index);
        return string.Join(' ', sweep.Knobs.Select((k, i) => $"{k.Name}={values[i]}"));
    }
}
