using Lazykick.Checking.Memory;
using Lazykick.Checking.Moves;
using Lazykick.Checking.Properties;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Compilation;

/// <summary>
/// Turns a scheme into moves over packed fields, for one setting of its knobs and one number of CPUs. The moves are the
/// rules of docs/reference/machine.md written out for every position.
/// </summary>
internal sealed class SchemeCompiler
{
    private const int MaxSteps = 200_000;

    private readonly Scheme _scheme;
    private readonly IReadOnlyDictionary<string, int> _knobs;
    private readonly int _cpus;
    private readonly DiagnosticCollection _diagnostics;
    private readonly SystemFields _fields;
    private readonly IReadOnlyList<PropertyChecks> _properties;
    private readonly Value[] _eqs;
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
        _fields = new SystemFields(scheme, cpus, UsedRegisters(scheme));
        _eqs =
        [
            .. Enumerable
                .Range(0, cpus)
                .Select(c => scheme.States.ContainsKey("eqs") ? Scope(c).State("eqs") : Value.Zero),
        ];
        _properties =
        [
            .. PropertyList
                .Of(scheme)
                .Select((p, index) => p.Compile(new CheckContext(scheme, _fields, cpus, isWeak, _eqs, index))),
        ];
    }

    public SystemFields SystemFields => _fields;

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
        if (PropertyList.Of(scheme).Count > PropertyList.Most)
        {
            diagnostics.Report(
                "LK0503",
                scheme.Header.Span,
                $"the scheme states more than {PropertyList.Most} properties, those that it asserts counted",
                "let assertions that belong together share a property"
            );
            return null;
        }

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
                $"with routines in place and loops written out, the paths of {cpus} CPUs have more than {MaxSteps} "
                    + "steps",
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
        foreach (var property in compiler._properties)
            property.Finishes(compiled.Moves, compiled.AccessOf);
        if (window > 0)
            compiled.AddWindows(window);
        compiled.Pack();
        return compiled;
    }

    /// <summary>A step is taken: what every property makes of it.</summary>
    public void Takes(Step step, in StepSite site, Move move)
    {
        foreach (var property in _properties)
            property.Takes(step, site, move);
    }

    /// <summary>A step asserts a property.</summary>
    public void Asserts(string property, Value violated, Move move) =>
        _properties.First(p => p.Property.Id == property).Asserts(violated, move);

    /// <summary>A step writes a variable.</summary>
    public void Writes(Field variable, Move move)
    {
        foreach (var property in _properties)
            property.Writes(variable, move);
    }

    /// <summary>A kick begins.</summary>
    public void BeginsKick(KickStep kick, in StepSite site, Move move)
    {
        foreach (var property in _properties)
            property.BeginsKick(kick, site, move);
    }

    /// <summary>A kick returns.</summary>
    public void ReturnsFromKick(KickStep kick, in StepSite site, Move move)
    {
        foreach (var property in _properties)
            property.ReturnsFromKick(kick, site, move);
    }

    /// <summary>A CPU takes a message.</summary>
    public void Discovers(int message, int cpu, Move move)
    {
        foreach (var property in _properties)
            property.Discovers(message, cpu, move);
    }

    /// <summary>A CPU takes a path.</summary>
    public void Enters(PathDeclaration path, Value messagePending, int cpu, Move move)
    {
        foreach (var property in _properties)
            property.Enters(path, messagePending, cpu, move);
    }

    /// <summary>All effects of a move are known.</summary>
    public void Completes(Move move)
    {
        foreach (var property in _properties)
            property.Completes(move);
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
        for (var level = 1; level <= _scheme.Nesting && level <= classes; level++)
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

    private static uint UsedRegisters(Scheme scheme) =>
        scheme
            .AllSteps()
            .OfType<RegisterStep>()
            .Where(s => s.Kind == RegisterStepKind.Use)
            .Aggregate(0u, (used, s) => used | s.Registers.Bits);
}
