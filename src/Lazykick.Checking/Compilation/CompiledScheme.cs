using Lazykick.Checking.Memory;
using Lazykick.Checking.Weak;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Compilation;

/// <summary>A scheme with fixed knobs and a number of CPUs, ready to run.</summary>
internal sealed class CompiledScheme(
    Scheme scheme,
    SystemFields fields,
    CpuCode[] cpus,
    IReadOnlyList<string> properties,
    IReadOnlyList<Value> eqs,
    Func<int, CpuScope> scopes
)
{
    private readonly Dictionary<Instruction, Access> _accesses = [];

    public Scheme Scheme { get; } = scheme;

    public SystemFields Fields { get; } = fields;

    public CpuCode[] Cpus { get; } = cpus;

    /// <summary>Names of the properties; the first ones are <see cref="PropertyIds"/>.</summary>
    public IReadOnlyList<string> Properties { get; } = properties;

    /// <summary>By CPU: is it in state <c>eqs</c>.</summary>
    public IReadOnlyList<Value> Eqs { get; } = eqs;

    /// <summary>Every move, by its id.</summary>
    public IReadOnlyList<Move> Moves { get; } = Number(cpus);

    /// <summary>The memory model.</summary>
    public MemoryModel Memory { get; init; }

    /// <summary>By CPU: its window, unless memory is <c>sc</c>.</summary>
    public IReadOnlyList<WindowFields> Windows { get; private set; } = [];

    /// <summary>What a step is to the memory machine.</summary>
    public Access AccessOf(Instruction instruction)
    {
        if (!_accesses.TryGetValue(instruction, out var access))
            _accesses[instruction] = access = Access.Of(instruction, this);
        return access;
    }

    /// <summary>Index of a property, or -1 if the scheme has none of that name.</summary>
    public int PropertyOf(string name) => Properties.ToList().IndexOf(name);

    /// <summary>Adds the windows to the state.</summary>
    public void AddWindows(int slots) =>
        Windows = [.. Cpus.Select((_, cpu) => new WindowFields(Fields, cpu, slots, SlotMoves.Of(this, cpu).Count()))];

    /// <summary>
    /// Packs the state. Without windows, what no move writes and what is the same in every initial state takes no room.
    /// </summary>
    public void Pack()
    {
        var layout = Fields.Layout;
        layout.Pack();
        if (Windows.Count > 0)
            return;
        var written = Moves.SelectMany(m => m.Effects).Select(e => e.Field).ToHashSet();
        var constants = new List<(Field Field, int Value)>();
        var initial = InitialStates.Of(this).ToList();
        foreach (var field in layout.Fields.Where(f => !written.Contains(f)))
        {
            var values = initial.Select(words => field.Read(words)).Distinct().ToList();
            if (values.Count == 1)
                constants.Add((field, values[0]));
        }

        foreach (var (field, value) in constants)
            field.Fix(value);
        layout.Pack();
    }

    /// <summary>True if the scheme has that knob and it has that value.</summary>
    public bool KnobIs(string name, string value) =>
        Scheme.Knobs.TryGetValue(name, out var knob)
        && Knobs[name] < knob.Values.Count
        && knob.Values[Knobs[name]] == value;

    /// <summary>Values of the knobs, as indices.</summary>
    public required IReadOnlyDictionary<string, int> Knobs { get; init; }

    /// <summary>What names mean on a CPU.</summary>
    public CpuScope ScopeOf(int cpu) => scopes(cpu);

    private static List<Move> Number(CpuCode[] cpus)
    {
        var moves = new List<Move>();
        foreach (var move in cpus.SelectMany(c => c.Levels).SelectMany(l => l).SelectMany(i => i.Moves))
        {
            if (move.Id < moves.Count && ReferenceEquals(moves[move.Id], move))
                continue;
            move.Id = moves.Count;
            moves.Add(move);
        }

        return moves;
    }
}

/// <summary>The code of one CPU: by frame level, the instructions by program counter.</summary>
internal sealed class CpuCode(IReadOnlyList<IReadOnlyList<Instruction>> levels, IReadOnlyList<int> starts)
{
    /// <summary>
    /// At level 0 index and program counter agree; above, counter 0 means that there is no frame and index 0 holds
    /// counter 1.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<Instruction>> Levels { get; } = levels;

    /// <summary>Program counters of the places where the CPU may start.</summary>
    public IReadOnlyList<int> Starts { get; } = starts;
}

/// <summary>Indices of the properties that every scheme has.</summary>
internal static class PropertyIds
{
    public const int S1 = 0;
    public const int S1Windows = 1;
    public const int S5a = 2;
    public const int S5b = 3;
    public const int S6 = 4;
    public const int S7 = 5;
    public const int S8 = 6;

    public static IReadOnlyList<string> Names { get; } = ["S1", "S1.windows", "S5a", "S5b", "S6", "S7", "S8"];

    /// <summary>Those of a scheme: the ones above, those that its steps bring in, and those that it asserts.</summary>
    public static IReadOnlyList<string> Of(Scheme scheme)
    {
        var steps = scheme.AllSteps().ToList();
        var returned = steps.OfType<KickStep>().SelectMany(s => s.Returns).Select(r => r.Name).ToList();
        var own = new List<string>(Names);
        Add("S2", returned.Any(scheme.Variables.ContainsKey));
        Add("S3", steps.OfType<AssignStep>().Any(s => s.Object is not null));
        Add("S4", returned.Any(n => scheme.Messages.Contains(n)));
        Add("S9", steps.OfType<MappingStep>().Any(s => s.Kind == MappingStepKind.Touch));
        own.Sort(StringComparer.Ordinal);
        own.AddRange(steps.OfType<AssertStep>().Select(s => s.Property));
        return [.. own.Distinct(StringComparer.Ordinal)];

        void Add(string property, bool isStated)
        {
            if (isStated)
                own.Add(property);
        }
    }
}
