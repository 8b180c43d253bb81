using System.Security.Cryptography;
using System.Text;
using Lazykick.Checking.Compilation;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Machines;
using Lazykick.Checking.Memory;
using Lazykick.Checking.Moves;
using Lazykick.Checking.Properties;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Verdicts;

/// <summary>Checks a scheme by exploring everything that it can do.</summary>
public static class SchemeCheck
{
    /// <summary>
    /// The memory of the scheme's architecture: <c>sc</c> for those whose own model this product does not have.
    /// </summary>
    public static MemoryModel DefaultMemory(Scheme scheme)
    {
        ArgumentNullException.ThrowIfNull(scheme);
        return scheme.Arch switch
        {
            "arm64" => MemoryModel.Arm,
            "x86_64" => MemoryModel.Tso,
            _ => MemoryModel.Sc,
        };
    }

    /// <summary>Searches the whole space of a scheme and decides every property in one search.</summary>
    /// <param name="scheme">The scheme; not a base.</param>
    /// <param name="options">CPUs, knobs and limits.</param>
    /// <param name="diagnostics">Gets mistakes that only show with these knobs.</param>
    /// <param name="cancellation">Ends the search early; what it covered is still reported.</param>
    /// <returns>What was found, or null if something was reported.</returns>
    public static CheckResult? Run(
        Scheme scheme,
        CheckOptions options,
        DiagnosticCollection diagnostics,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(scheme);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(diagnostics);
        if (Compile(scheme, options, diagnostics) is not { } compiled)
            return null;
        var knobs = compiled.Knobs;
        try
        {
            Func<Instruction, bool>? counts = options.Only is { } only
                ? i => only(new StepPlace(i.Path, i.Calls, i.IsPlace ? "" : i.Text, i.Span))
                : null;
            var space = Search.Run(
                compiled,
                options.Limits,
                options.Progress,
                counts,
                options.Reduction,
                focus: null,
                options,
                options.Files.Checkpoint is { } file ? new Checkpoint(file, Identity(scheme, knobs, options)) : null,
                cancellation
            );
            var evidence = new Evidence(compiled, space);
            var areDefaults = scheme.Knobs.Values.All(k => knobs[k.Name] == k.Default);
            if (areDefaults && space.End == SearchEnd.Exhausted)
                TraceSkips.Require(evidence, diagnostics);
            if (diagnostics.Count > 0)
                return null;
            var result = Result(compiled, options.Cpus, knobs, space, evidence, areDefaults);
            return counts is null ? result : result with { Verdicts = [.. result.Verdicts.Select(OfPart)] };
        }
        catch (OutOfRangeException e) when (compiled.Fields.Cpus.Any(c => c.InKick == e.Field))
        {
            diagnostics.Report(
                "LK0504",
                e.Instruction.Span,
                $"CPU{e.Instruction.Cpu} would begin a kick here while one of its own is in progress",
                "keep kicks out of kicks, and out of handlers that may interrupt one"
            );
            return null;
        }
        catch (OutOfRangeException e) when (e.Instruction.Step is UnlockStep unlock)
        {
            diagnostics.Report(
                "LK0509",
                e.Instruction.Span,
                $"CPU{e.Instruction.Cpu} would give back {unlock.Lock.Span.Text} here, and does not hold it",
                "every way here must have taken it, on this CPU"
            );
            return null;
        }
        catch (OutOfRangeException e) when (new FieldText(compiled).TypeOf(e.Field) is QueueType queue)
        {
            diagnostics.Report(
                "LK0510",
                e.Instruction.Span,
                $"on CPU{e.Instruction.Cpu} this would put an entry more into {e.Field.Name} than its {queue.Length}, "
                    + "or one that it does not hold",
                "lengthen the queue, let fewer entries wait in it, or mend the step"
            );
            return null;
        }
        catch (OutOfRangeException e)
        {
            diagnostics.Report(
                "LK0502",
                e.Instruction.Span,
                $"on CPU{e.Instruction.Cpu} this would give {e.Field.Name} the value {e.Value}; it holds {e.Field.Low} "
                    + $"to {e.Field.High}",
                "widen the variable's type, or mend the step"
            );
            return null;
        }
        catch (NotSupportedException e)
        {
            diagnostics.Report("LK0503", scheme.Header.Span, e.Message, "fewer CPUs, or fewer and smaller variables");
            return null;
        }
    }

    /// <summary>What tells a search from all others, so that none goes on where another was.</summary>
    private static string Identity(Scheme scheme, IReadOnlyDictionary<string, int> knobs, CheckOptions options)
    {
        var texts = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', scheme.Files.Select(f => f.Text))));
        var values = knobs.OrderBy(k => k.Key, StringComparer.Ordinal).Select(k => $"{k.Key}={k.Value}");
        return $"{typeof(SchemeCheck).Module.ModuleVersionId} {Convert.ToHexString(texts)} {options.Cpus} "
            + $"{options.Memory} {options.InFlight} {options.Exact} {string.Join(' ', values)}";
    }

    /// <summary>Compiles a scheme as it is to be checked; null if something was reported.</summary>
    internal static CompiledScheme? Compile(Scheme scheme, CheckOptions options, DiagnosticCollection diagnostics)
    {
        if (options.Cpus is < CheckOptions.MinCpus or > CheckOptions.MaxCpus)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options),
                $"{options.Cpus} CPUs; {CheckOptions.MinCpus} to {CheckOptions.MaxCpus} are possible"
            );
        }

        if (scheme.Arch is not ("arm64" or "x86_64") && options.Memory != MemoryModel.Sc)
        {
            diagnostics.Report(
                "LK0506",
                scheme.Header.Span,
                $"the memory model of {scheme.Arch} is not built in",
                "explore it under sc, which is what this scheme has without a choice"
            );
        }

        Promises(scheme, diagnostics);
        var knobs = KnobValues(scheme, options.Knobs, diagnostics);
        return diagnostics.Count > 0
            ? null
            : SchemeCompiler.Compile(
                scheme,
                knobs,
                options.Cpus,
                options.Memory,
                options.Memory == MemoryModel.Sc ? 0 : options.InFlight,
                diagnostics
            );
    }

    /// <summary>Where violations were left out nothing holds.</summary>
    private static PropertyVerdict OfPart(PropertyVerdict verdict) =>
        verdict.Verdict == Verdict.Holds ? verdict with { Verdict = Verdict.Undecided } : verdict;

    /// <summary>A promise that is no property would never be broken.</summary>
    private static void Promises(Scheme scheme, DiagnosticCollection diagnostics)
    {
        List<string> known = [.. PropertyList.All.Select(p => p.Id), .. PropertyList.Of(scheme).Select(p => p.Id)];
        foreach (var promise in scheme.PromiseTokens.Where(p => !known.Contains(p.Text)))
        {
            diagnostics.Report(
                "LK0508",
                promise.Span,
                $"'{promise.Text}' is no property, and nothing here asserts one of that name",
                Suggestion.For(promise.Text, [.. known.Distinct()]) ?? $"write: assert CONDITION for {promise.Text}"
            );
        }
    }

    /// <summary>Every knob with its value, those that were not chosen with their default.</summary>
    /// <param name="scheme">The scheme.</param>
    /// <param name="chosen">Knobs that differ from their defaults.</param>
    /// <param name="diagnostics">Gets those that are none.</param>
    public static IReadOnlyDictionary<string, string> KnobsOf(
        Scheme scheme,
        IReadOnlyDictionary<string, string> chosen,
        DiagnosticCollection diagnostics
    )
    {
        ArgumentNullException.ThrowIfNull(scheme);
        ArgumentNullException.ThrowIfNull(chosen);
        ArgumentNullException.ThrowIfNull(diagnostics);
        return KnobValues(scheme, chosen, diagnostics)
            .ToDictionary(k => k.Key, k => scheme.Knobs[k.Key].Values[k.Value], StringComparer.Ordinal);
    }

    /// <summary>Every knob with its value as an index; those that are none are reported.</summary>
    internal static Dictionary<string, int> KnobValues(
        Scheme scheme,
        IReadOnlyDictionary<string, string> chosen,
        DiagnosticCollection diagnostics
    )
    {
        var values = scheme.Knobs.Values.ToDictionary(k => k.Name, k => k.Default, StringComparer.Ordinal);
        foreach (var (name, value) in chosen)
        {
            // The mistake is in what was chosen, not in the scheme.
            var written = new SourceText("--set", $"{name}={value}");
            if (!scheme.Knobs.TryGetValue(name, out var knob))
            {
                diagnostics.Report(
                    "LK0106",
                    new SourceSpan(written, 0, name.Length),
                    $"scheme '{scheme.Name}' has no knob '{name}'",
                    Suggestion.For(name, scheme.Knobs.Keys) ?? KnobsOf(scheme)
                );
                continue;
            }

            var index = knob.Values.ToList().IndexOf(value);
            if (index < 0)
            {
                diagnostics.Report(
                    "LK0107",
                    new SourceSpan(written, name.Length + 1, value.Length),
                    $"'{value}' is not a value of knob '{name}'",
                    $"its values: {string.Join(", ", knob.Values)}"
                );
            }
            else
            {
                values[name] = index;
            }
        }

        return values;
    }

    private static string KnobsOf(Scheme scheme) =>
        scheme.Knobs.Count == 0 ? "it has no knobs" : $"its knobs: {string.Join(", ", scheme.Knobs.Keys)}";

    private static CheckResult Result(
        CompiledScheme compiled,
        int cpus,
        IReadOnlyDictionary<string, int> knobs,
        Space space,
        Evidence evidence,
        bool areDefaults
    )
    {
        var scheme = compiled.Scheme;
        var races = new RaceBuilder(compiled);
        List<PropertyVerdict> verdicts =
        [
            .. compiled.Properties.Where(p => p.CanBeViolated).Select(p => VerdictOn(p, space, evidence, races)),
        ];
        var notChecked = NotChecked(compiled, verdicts);
        return new CheckResult(
            compiled,
            id => compiled.PropertyOf(id) is >= 0 and var p ? space.Execution(p) : null,
            OtherKnobs.ThatLeaveOut(compiled, notChecked.Keys)
        )
        {
            Scheme = scheme,
            Cpus = cpus,
            Memory = compiled.Memory,
            Knobs = scheme.Knobs.Values.ToDictionary(k => k.Name, k => k.Values[knobs[k.Name]], StringComparer.Ordinal),
            Verdicts = verdicts,
            NotChecked = notChecked,
            Gaps = Gaps.Of(evidence),
            NotExplored = NotExplored.Knobs(compiled),
            Remarks = [.. Unused.In(scheme), .. TraceSkips.Remarks(evidence, areDefaults)],
            Positions = Positions(compiled, space),
            InFlight = compiled.Windows.Count == 0 ? 0 : compiled.Windows[0].Slots,
            InFlightReached = space.WindowWasFull,
            Assumptions =
            [
                .. MemoryAssumptions(compiled, space),
                .. OtherMachine(compiled),
                .. NestingLimit.Assumptions(compiled),
                .. scheme
                    .Assumptions.Where(a => a.Condition is null || compiled.ScopeOf(0).Resolve(a.Condition).Of([]) != 0)
                    .Select(a => a.Text + Otherwise(compiled, a)),
            ],
            KickReturned = space.KickReturned,
            End = space.End,
            Missed = space.Missed,
            States = space.States,
            Transitions = space.Transitions,
            Levels = space.Levels,
            StateBits = compiled.Fields.Layout.Bits,
            Bytes = space.Bytes,
            Reductions = space.Reductions,
            Elapsed = space.Elapsed,
        };
    }

    /// <summary>How to explore without an assumption that hangs on knobs.</summary>
    private static string Otherwise(CompiledScheme compiled, AssumeDeclaration assumption)
    {
        var knobs = assumption.Condition is null
            ? []
            : Names
                .Of(assumption.Condition)
                .Select(n => compiled.Scheme.Knobs.GetValueOrDefault(n.Name))
                .OfType<Knob>()
                .Distinct()
                .Select(k => "--set "
                    + $"{k.Name}={string.Join('|', k.Values.Where(v => v != k.Values[compiled.Knobs[k.Name]]))}")
                .ToList();
        return knobs.Count == 0 ? "" : $" (without it: {string.Join(", ", knobs)})";
    }

    /// <summary>What the window may hide. Where no CPU ever lacked room in it, it hides nothing.</summary>
    private static IEnumerable<string> MemoryAssumptions(CompiledScheme compiled, Space space) =>
        compiled.Windows.Count == 0 || (!space.WindowWasFull && space.End == SearchEnd.Exhausted) ? []
        : space.WindowWasFull
            ?
            [
                $"at most {compiled.Windows[0].Slots} accesses of a CPU are in flight at a time; that was reached, and "
                    + "a larger --in-flight may reach more",
            ]
        : [$"at most {compiled.Windows[0].Slots} accesses of a CPU are in flight at a time (--in-flight)"];

    /// <summary>
    /// A scheme under the memory of another architecture is no port to it: what synchronises stays as it is written.
    /// </summary>
    private static IEnumerable<string> OtherMachine(CompiledScheme compiled)
    {
        var own = DefaultMemory(compiled.Scheme);
        if (compiled.Memory == MemoryModel.Sc || compiled.Memory == own)
            return [];
        var other = compiled.Memory == MemoryModel.Tso ? "x86_64" : "arm64";
        return
        [
            $"{compiled.Scheme.Arch}'s entries, returns and interrupt controller, with the memory of {other}: no "
                + $"verdict about {other}, where other steps synchronise",
        ];
    }

    private static PropertyVerdict VerdictOn(PropertyChecks checks, Space space, Evidence evidence, RaceBuilder races)
    {
        var property = checks.Property;
        var length = space.Shortest[checks.Index];
        var isWhole = space.End == SearchEnd.Exhausted;
        var why = length < 0 && isWhole ? checks.WhyVacuous(evidence) : null;
        return new PropertyVerdict(
            property,
            length >= 0 ? Verdict.Violated
                : why is not null ? Verdict.NotChecked
                : isWhole ? Verdict.Holds
                : Verdict.Undecided,
            Math.Max(0, length),
            PropertyList.IsPromised(races.Scheme, property.Id),
            new Lazy<Race?>(() =>
                space.Execution(checks.Index) is { } execution ? races.Build(property, execution) : null
            )
        )
        {
            Reason = why,
        };
    }

    /// <summary>
    /// Properties that the scheme does not state, or not with these knobs, and those that it does nothing about.
    /// </summary>
    private static Dictionary<string, string> NotChecked(CompiledScheme compiled, List<PropertyVerdict> verdicts)
    {
        var stated = PropertyList
            .All.Concat(compiled.Properties.Select(p => p.Property))
            .DistinctBy(p => p.Id)
            .Select(p => (p.Id, Why: WhyNot(p, compiled)));
        var vacuous = verdicts.Select(v => (Id: v.Property, Why: v.Reason));
        return stated
            .Concat(vacuous)
            .Where(p => p.Why is not null)
            .ToDictionary(p => p.Id, p => p.Why!, StringComparer.Ordinal);
    }

    private static string? WhyNot(Property property, CompiledScheme compiled) =>
        compiled.Properties.FirstOrDefault(p => p.Property.Id == property.Id) is not { } checks
            ? property.WhyNotStated(compiled.Scheme)
        : checks.CanBeViolated ? null
        : "with these knobs no step can violate it";

    private static List<WindowPosition> Positions(CompiledScheme compiled, Space space)
    {
        var never = space.NeverMade.ToHashSet();
        var result = new List<WindowPosition>();
        foreach (
            var group in space.Positions.GroupBy(p =>
                (Role: compiled.Scheme.RoleOf(p.Instruction.Cpu).Name, p.Instruction.Key)
            )
        )
        {
            var first = group.First().Instruction;
            var own = group.SelectMany(p => compiled.Moves.Where(m => m.Instruction == p.Instruction)).ToList();
            result.Add(
                new WindowPosition(
                    group.Key.Role,
                    first.Path,
                    first.Calls,
                    first.IsPlace ? "" : first.Text,
                    first.Span,
                    group.Any(p => p.Visited),
                    group.Any(p => p.Stale),
                    group.Any(p => p.InEqs),
                    first.IsPlace || own.Any(m => !never.Contains(m))
                )
            );
        }

        return result;
    }
}
