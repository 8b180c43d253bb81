using Lazykick.Checking.Compilation;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Machines;
using Lazykick.Checking.Memory;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Verdicts;

/// <summary>Checks a scheme by exploring everything that it can do.</summary>
public static class SchemeCheck
{
    /// <summary>
    /// Properties of docs/machine.md that only schemes with certain steps have, each with what these are.
    /// </summary>
    public static IReadOnlyDictionary<string, string> NotChecked { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["S2"] = "no stale data: no kick returns for a variable",
            ["S3"] = "readers drained: nothing is drained or freed",
            ["S4"] = "no pending message left: no kick returns for a message",
            ["S9"] = "no stale translation: nothing is touched through a mapping",
        };

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

    /// <summary>
    /// The properties that a scheme can have: those of every scheme, those that its steps bring in, and those that it
    /// asserts.
    /// </summary>
    public static IReadOnlyList<string> PropertiesOf(Scheme scheme)
    {
        ArgumentNullException.ThrowIfNull(scheme);
        return PropertyIds.Of(scheme);
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
        if (options.Cpus is < CheckOptions.MinCpus or > CheckOptions.MaxCpus)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options),
                $"{options.Cpus} CPUs; {CheckOptions.MinCpus} to {CheckOptions.MaxCpus} are possible"
            );
        }

        if (scheme.Arch == "powerpc" && options.Memory != MemoryModel.Sc)
        {
            diagnostics.Report(
                "LK0506",
                scheme.Header.Span,
                "the memory model of powerpc is not built in",
                "explore it under sc, which is what this scheme has without a choice"
            );
        }

        var knobs = KnobValues(scheme, options.Knobs, diagnostics);
        if (
            diagnostics.Count > 0
            || SchemeCompiler.Compile(
                scheme,
                knobs,
                options.Cpus,
                options.Memory,
                options.Memory == MemoryModel.Sc ? 0 : options.Window,
                diagnostics
            )
                is not { } compiled
        )
        {
            return null;
        }

        try
        {
            var space = Search.Run(compiled, options.Limits, options.Progress, cancellation);
            return Result(compiled, options.Cpus, knobs, space);
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
        catch (OutOfRangeException e)
        {
            diagnostics.Report(
                "LK0502",
                e.Instruction.Span,
                $"on CPU{e.Instruction.Cpu} this would give {e.Field.Name} the value {e.Value}; it holds {e.Field.Low} to {e.Field.High}",
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

    private static Dictionary<string, int> KnobValues(
        Scheme scheme,
        IReadOnlyDictionary<string, string> chosen,
        DiagnosticCollection diagnostics
    )
    {
        var values = scheme.Knobs.Values.ToDictionary(k => k.Name, k => k.Default, StringComparer.Ordinal);
        foreach (var (name, value) in chosen)
        {
            if (!scheme.Knobs.TryGetValue(name, out var knob))
            {
                diagnostics.Report(
                    "LK0106",
                    scheme.Header.Span,
                    $"scheme '{scheme.Name}' has no knob '{name}'",
                    Suggestion.For(name, scheme.Knobs.Keys)
                );
                continue;
            }

            var index = knob.Values.ToList().IndexOf(value);
            if (index < 0)
            {
                diagnostics.Report(
                    "LK0107",
                    knob.Span,
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

    private static CheckResult Result(CompiledScheme compiled, int cpus, Dictionary<string, int> knobs, Space space)
    {
        var scheme = compiled.Scheme;
        var races = new RaceBuilder(compiled);
        var order = PropertyIds.Of(scheme).ToList();
        var exhausted = space.End == SearchEnd.Exhausted;
        var verdicts = compiled
            .Properties.Select(
                (name, id) =>
                    new PropertyVerdict(
                        name,
                        space.Shortest[id] >= 0 ? Verdict.Violated
                            : exhausted ? Verdict.Holds
                            : Verdict.Undecided,
                        Math.Max(0, space.Shortest[id]),
                        IsPromised(scheme, name),
                        new Lazy<Race?>(() => space.Trace(id) is { } trace ? races.Build(name, trace) : null)
                    )
            )
            .OrderBy(v => order.IndexOf(v.Property))
            .ToList();
        return new CheckResult(compiled, name => space.Trace(compiled.Properties.ToList().IndexOf(name)))
        {
            Scheme = scheme,
            Cpus = cpus,
            Memory = compiled.Memory,
            Knobs = scheme.Knobs.Values.ToDictionary(k => k.Name, k => k.Values[knobs[k.Name]], StringComparer.Ordinal),
            Verdicts = verdicts,
            Positions = Positions(compiled, space),
            Window = compiled.Windows.Count == 0 ? 0 : compiled.Windows[0].Slots,
            WindowWasFull = space.WindowWasFull,
            Assumptions =
            [
                .. MemoryAssumptions(compiled, space),
                .. scheme
                    .Assumptions.Where(a => a.Condition is null || compiled.ScopeOf(0).Resolve(a.Condition).Of([]) != 0)
                    .Select(a => a.Text),
            ],
            KickReturned = space.KickReturned,
            End = space.End,
            States = space.States,
            Transitions = space.Transitions,
            Levels = space.Levels,
            StateBits = compiled.Fields.Layout.Bits,
            Bytes = space.Bytes,
            Elapsed = space.Elapsed,
        };
    }

    /// <summary>What the window hides, unless it hides nothing.</summary>
    private static IEnumerable<string> MemoryAssumptions(CompiledScheme compiled, Space space) =>
        compiled.Windows.Count == 0 ? []
        : space.WindowWasFull
            ?
            [
                $"at most {compiled.Windows[0].Slots} accesses of a CPU are in flight at a time; that was reached, and a larger --window may reach more",
            ]
        : space.End == SearchEnd.Exhausted
            ?
            [
                $"at most {compiled.Windows[0].Slots} accesses of a CPU are in flight at a time; that was never in the way, and a larger --window reaches nothing more",
            ]
        : [$"at most {compiled.Windows[0].Slots} accesses of a CPU are in flight at a time (--window)"];

    private static bool IsPromised(Scheme scheme, string property) =>
        scheme.Promises.Count > 0 ? scheme.Promises.Contains(property) : property is not ("S1.windows" or "S5b");

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
