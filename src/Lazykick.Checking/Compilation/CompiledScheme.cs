using Lazykick.Checking.Memory;
using Lazykick.Checking.Moves;
using Lazykick.Checking.Properties;
using Lazykick.Schemes.Model;

namespace Lazykick.Checking.Compilation;

/// <summary>A scheme with fixed knobs and a number of CPUs, ready to run.</summary>
internal sealed class CompiledScheme(
    Scheme scheme,
    SystemFields fields,
    CpuCode[] cpus,
    IReadOnlyList<PropertyChecks> properties,
    IReadOnlyList<Value> eqs,
    Func<int, CpuScope> scopes
)
{
    private readonly Dictionary<Instruction, Access> _accesses = [];
    private readonly HashSet<Field> _vouched = [.. KickReturns.Variables(scheme, fields)];

    public Scheme Scheme { get; } = scheme;

    public SystemFields Fields { get; } = fields;

    public CpuCode[] Cpus { get; } = cpus;

    /// <summary>The properties that the scheme states, by their bit in what a move violates.</summary>
    public IReadOnlyList<PropertyChecks> Properties { get; } = properties;

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
            _accesses[instruction] = access = Accesses.Of(instruction, this);
        return access;
    }

    /// <summary>The access of a step takes place after its issue, as moves of its own.</summary>
    public bool IsInFlight(Instruction instruction) =>
        Windows.Count > 0
        && AccessOf(instruction) is { IsWindowed: true } access
        && (Memory == MemoryModel.Arm || access.Kind is not (InstanceKind.Load or InstanceKind.Rmw));

    /// <summary>Index of a property, or -1 if the scheme does not state it.</summary>
    public int PropertyOf(string id) => Properties.FirstOrDefault(p => p.Property.Id == id)?.Index ?? -1;

    /// <summary>Its bit in what a move violates; 0 if the scheme does not state it.</summary>
    public uint BitOf(string id) => PropertyOf(id) is >= 0 and var index ? 1u << index : 0;

    /// <summary>Some kick returns for the variable, or for the variable's instances of other CPUs.</summary>
    public bool Vouches(Field variable) => _vouched.Contains(variable);

    /// <summary>By CPU: the path or place of its lowest frame, in a state.</summary>
    public IReadOnlyList<string> PlacesOf(ulong[] state) => [.. Cpus.Select((_, cpu) => FramesOf(cpu, state).First())];

    /// <summary>
    /// The paths that a CPU is in, outermost first, also those that others interrupted; or the place.
    /// </summary>
    public IEnumerable<string> FramesOf(int cpu, ulong[] state)
    {
        var code = Cpus[cpu].Levels;
        var pcs = Fields.Cpus[cpu].Pc;
        yield return code[0][pcs[0].Read(state)].Path;
        for (var level = 1; level < code.Count; level++)
        {
            if (pcs[level].Read(state) is var pc and > 0)
                yield return code[level][pc - 1].Path;
        }
    }

    /// <summary>Adds the windows to the state.</summary>
    public void AddWindows(int slots) => Windows = [.. Cpus.Select((_, cpu) => Window(cpu, slots))];

    private WindowFields Window(int cpu, int slots) =>
        new(
            Fields,
            cpu,
            slots,
            SlotMoves.Of(this, cpu).Count(),
            new AccessMarks(this).All,
            Moves.Any(m => m.Instruction.Cpu == cpu && AccessOf(m.Instruction).ChangesText)
        );

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
