using Lazykick.Checking.Memory;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Compilation;

/// <summary>
/// Turns a scheme into moves over packed fields, for one setting of its knobs and one number of CPUs. The moves are the
/// rules of
/// docs/machine.md written out for every position.
/// </summary>
internal sealed class SchemeCompiler
{
    private const int MaxSteps = 200_000;

    // A move says with a bit each which properties it violates.
    private const int MaxProperties = 32;

    private readonly Scheme _scheme;
    private readonly IReadOnlyDictionary<string, int> _knobs;
    private readonly int _cpus;
    private readonly DiagnosticCollection _diagnostics;
    private readonly SystemFields _fields;
    private readonly List<string> _properties = [.. PropertyIds.Names];
    private readonly Value[] _eqs;
    private readonly HashSet<Field>[] _eqsFields;
    private int _steps;

    private SchemeCompiler(
        Scheme scheme,
        IReadOnlyDictionary<string, int> knobs,
        int cpus,
        bool isWeak,
        DiagnosticCollection diagnostics
    )
    {
        _scheme = scheme;
        _knobs = knobs;
        _cpus = cpus;
        _diagnostics = diagnostics;
        IsWeak = isWeak;
        _fields = new SystemFields(scheme, cpus, UsedRegisters(scheme), isWeak);
        _eqs =
        [
            .. Enumerable
                .Range(0, cpus)
                .Select(c => scheme.States.ContainsKey("eqs") ? Scope(c).State("eqs") : Value.Zero),
        ];
        _eqsFields = [.. _eqs.Select(e => Fields(e))];
    }

    public SystemFields SystemFields => _fields;

    public IReadOnlyList<Value> Eqs => _eqs;

    /// <summary>Accesses take effect later than their steps are issued: memory is not <c>sc</c>.</summary>
    public bool IsWeak { get; }

    /// <summary>
    /// Compiles; null if something was reported. Without a window (0) every access takes effect at once, which is
    /// <c>sc</c>.
    /// </summary>
    public static CompiledScheme? Compile(
        Scheme scheme,
        IReadOnlyDictionary<string, int> knobs,
        int cpus,
        MemoryModel memory,
        int window,
        DiagnosticCollection diagnostics
    )
    {
        var compiler = new SchemeCompiler(scheme, knobs, cpus, window > 0, diagnostics);
        var code = new CpuCode[cpus];
        try
        {
            for (var cpu = 0; cpu < cpus; cpu++)
                code[cpu] = compiler.CompileCpu(cpu);
        }
        catch (TooManyStepsException e)
        {
            diagnostics.Report(
                "LK0505",
                e.Span,
                $"with routines in place and loops written out, the paths of {cpus} CPUs have more than {MaxSteps} steps",
                "fewer CPUs, fewer loops within loops, or fewer calls of one routine"
            );
        }

        if (diagnostics.Count > 0)
            return null;
        var compiled = new CompiledScheme(
            scheme,
            compiler._fields,
            code,
            compiler._properties,
            compiler._eqs,
            compiler.Scope
        )
        {
            Memory = memory,
            Knobs = knobs,
        };
        if (compiler._fields.Objects.Count > 0)
            ObjectChecks.Add(compiled, compiler.Property("S3"));
        if (window > 0)
            compiled.AddWindows(window);
        compiled.Pack();
        return compiled;
    }

    /// <summary>Index of a property, made if an assertion names it first.</summary>
    public int Property(string name)
    {
        var index = _properties.IndexOf(name);
        if (index >= 0)
            return index;
        if (_properties.Count == MaxProperties)
        {
            _diagnostics.Report(
                "LK0503",
                _scheme.Header.Span,
                $"the assertions name more than {MaxProperties - PropertyIds.Names.Count} properties of their own",
                "let assertions that belong together share a property"
            );
            return 0;
        }

        _properties.Add(name);
        return _properties.Count - 1;
    }

    public CpuScope Scope(int cpu) => new(_scheme, _fields, _knobs, cpu, _cpus);

    public bool Holds(Expression? condition, int cpu) => condition is null || Scope(cpu).Resolve(condition).Of([]) != 0;

    public int Cpus => _cpus;

    public Scheme Scheme => _scheme;

    /// <summary>Counts a step that is written out, so that routines that call routines end somewhere.</summary>
    public void CountStep(SourceSpan span)
    {
        if (++_steps > MaxSteps)
            throw new TooManyStepsException(span);
    }

    public void Report(string code, SourceSpan span, string message, string? hint) =>
        _diagnostics.Report(code, span, message, hint);

    /// <summary>Marks the EQS that ends with this move as ended for every kick that watches it (S5a).</summary>
    public void EndOfEqs(List<(Field Field, Value Value)> effects)
    {
        var written = effects.Select(e => e.Field).ToHashSet();
        for (var target = 0; target < _cpus; target++)
        {
            if (!_eqsFields[target].Overlaps(written))
                continue;
            for (var kicker = 0; kicker < _cpus; kicker++)
            {
                if (kicker != target)
                {
                    effects.Add(
                        (
                            _fields.Cpus[kicker].EqsSince[target],
                            Value.And(new Value.Read(_fields.Cpus[kicker].EqsSince[target]), _eqs[target])
                        )
                    );
                }
            }
        }
    }

    private CpuCode CompileCpu(int cpu)
    {
        var role = _scheme.RoleOf(cpu);
        var paths = role
            .Takes.Where(t => Holds(t.Condition, cpu))
            .Select(t => _scheme.Paths[t.Path.Text])
            .Distinct()
            .ToList();
        var places = new List<string> { "user" }
            .Concat(_scheme.Places.Keys)
            .ToList();
        var starts = role
            .Starts.Where(s => Holds(s.Condition, cpu))
            .Select(s => places.IndexOf(s.Place.Text))
            .Distinct()
            .ToList();
        if (starts.Count == 0)
        {
            Report(
                "LK0501",
                role.Span,
                $"with these knobs role '{role.Name}' starts nowhere",
                "give one of its places no condition"
            );
        }

        var nested = paths.Where(p => p.From == "kernel").ToList();
        var classes = nested.Select(p => p.Trigger).Distinct().Count();
        var levels = new List<IReadOnlyList<Instruction>>();
        var entries = new List<IReadOnlyList<Move>>();
        for (var level = 1; level < CpuFields.Levels && level <= classes; level++)
        {
            var builder = new PathBuilder(this, cpu, level);
            levels.Add(builder.Build(nested, 1));
            entries.Add(builder.Entries);
        }

        var ground = new PathBuilder(this, cpu, 0);
        var first = ground.BuildGround(paths.Where(p => p.From != "kernel").ToList(), places);
        levels.Insert(0, first);
        for (var level = 0; level < entries.Count; level++)
        {
            foreach (var instruction in levels[level].Where(i => i.CanBeInterrupted))
                instruction.Moves.AddRange(entries[level]);
        }

        for (var level = 0; level < levels.Count; level++)
            _fields.Cpus[cpu].Pc[level].GrowTo(level == 0 ? levels[0].Count - 1 : levels[level].Count);
        return new CpuCode(levels, starts);
    }

    private sealed class TooManyStepsException(SourceSpan span) : Exception
    {
        public SourceSpan Span { get; } = span;
    }

    private static HashSet<Field> Fields(Value value)
    {
        var fields = new HashSet<Field>();
        value.AddFields(fields);
        return fields;
    }

    private static uint UsedRegisters(Scheme scheme) =>
        scheme
            .AllSteps()
            .OfType<RegisterStep>()
            .Where(s => s.Kind == RegisterStepKind.Use)
            .Aggregate(0u, (used, s) => used | s.Registers.Bits);
}
