using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Compilation;

/// <summary>The fields of a whole system: every CPU's, the memory, the text, the bookkeeping of properties.</summary>
internal sealed class SystemFields
{
    private readonly Dictionary<(string Name, int First, int Second), Field> _variables = [];

    public SystemFields(Scheme scheme, int cpus, uint trackedRegisters, bool isWeak)
    {
        Cpus = [.. Enumerable.Range(0, cpus).Select(c => new CpuFields(Layout, scheme, c, cpus, trackedRegisters))];
        foreach (var variable in scheme.Variables.Values)
            AddVariable(variable, scheme, cpus);
        foreach (var text in scheme.Texts.Values)
        {
            foreach (var owner in text.PerCpu ? Enumerable.Range(0, cpus) : [0])
                Texts.Add(new TextFields(Layout, text, owner, cpus));
        }

        foreach (var mapping in scheme.Mappings.Keys)
            Mappings[mapping] = new MappingFields(Layout, mapping, cpus);
        AddObligations(scheme, cpus, isWeak);
    }

    public Layout Layout { get; } = new();

    public CpuFields[] Cpus { get; }

    public List<TextFields> Texts { get; } = [];

    public Dictionary<string, MappingFields> Mappings { get; } = new(StringComparer.Ordinal);

    /// <summary>Life and death of the objects that some step allocates, drains or frees, by variable.</summary>
    public Dictionary<Field, ObjectFields> Objects { get; } = [];

    /// <summary>
    /// For each variable that a kick returns for: 1 + the CPU whose kick did, since the last write to it; else 0. Empty
    /// under <c>sc</c>, where nobody reads an old value.
    /// </summary>
    public Dictionary<Field, Field> Published { get; } = [];

    /// <summary>Variables that other CPUs can see: reading one is an access to memory.</summary>
    public HashSet<Field> Memory { get; } = [];

    /// <summary>True for a field that says how long a CPU has been in an EQS (S5a).</summary>
    public bool IsEqsRecord(Field field) => Cpus.Any(c => c.EqsSince.Contains(field));

    /// <summary>The field of a variable's instance: indices are the selecting CPUs, 0 where there are none.</summary>
    public Field Variable(VariableDeclaration variable, int first, int second) =>
        _variables[(variable.Name, first, second)];

    public IEnumerable<(VariableDeclaration Variable, int Cpu, Field Field)> Variables(Scheme scheme) =>
        _variables.Select(v => (scheme.Variables[v.Key.Name], v.Key.First, v.Value));

    public TextFields Text(string name, int owner) =>
        Texts.First(t => t.Declaration.Name == name && (!t.Declaration.PerCpu || t.Owner == owner));

    private void AddObligations(Scheme scheme, int cpus, bool isWeak)
    {
        var steps = scheme.AllSteps().ToList();
        foreach (
            var name in steps
                .OfType<AssignStep>()
                .Where(s => s.Object is not null)
                .Select(s => s.Object!.Name)
                .Distinct(StringComparer.Ordinal)
        )
        {
            foreach (var field in Instances(name))
                Objects[field] = new ObjectFields(Layout, field);
        }

        foreach (
            var name in steps
                .OfType<KickStep>()
                .SelectMany(s => s.Returns)
                .Select(r => r.Name)
                .Distinct(StringComparer.Ordinal)
        )
        {
            foreach (var field in isWeak ? Instances(name) : [])
                Published[field] = Layout.Add($"{field.Name} returned", 0, cpus);
            var message = scheme.Messages.ToList().IndexOf(name);
            if (message >= 0)
            {
                foreach (var cpu in Cpus)
                {
                    cpu.PendingSince[message] =
                    [
                        .. Enumerable
                            .Range(0, cpus)
                            .Select(t =>
                                Layout.Add($"{name} pending since kick[{Array.IndexOf(Cpus, cpu)},{t}]", 0, 1)
                            ),
                    ];
                }
            }
        }

        IEnumerable<Field> Instances(string name) => _variables.Where(v => v.Key.Name == name).Select(v => v.Value);
    }

    private void AddVariable(VariableDeclaration variable, Scheme scheme, int cpus)
    {
        var (low, high) = variable.Type switch
        {
            RangeType r => (r.Low, r.High),
            SetType => (0, (1 << cpus) - 1),
            EnumType e => (0, e.Names.Count - 1),
            IrqType => (0, scheme.Messages.Count + 1),
            _ => (0, 1),
        };
        var firsts = variable.Storage is Storage.Shared or Storage.Ghost ? 1 : cpus;
        var seconds = variable.Storage == Storage.Pairwise ? cpus : 1;
        for (var first = 0; first < firsts; first++)
        {
            for (var second = 0; second < seconds; second++)
            {
                var suffix =
                    variable.Storage == Storage.Pairwise ? $"[{first},{second}]"
                    : firsts > 1 ? $"[{first}]"
                    : "";
                var field = Layout.Add(variable.Name + suffix, low, high);
                _variables[(variable.Name, first, second)] = field;
                if (variable.Storage is Storage.Shared or Storage.PerCpu or Storage.Pairwise)
                    Memory.Add(field);
            }
        }
    }
}

/// <summary>The fields of one CPU.</summary>
internal sealed class CpuFields
{
    public const int Levels = 3;

    public CpuFields(Layout layout, Scheme scheme, int cpu, int cpus, uint trackedRegisters)
    {
        for (var level = 0; level < Levels; level++)
        {
            Pc[level] = layout.Add($"pc{level}[{cpu}]", 0, 0);
            Saved[level] = [.. "DAI".Select(m => layout.Add($"saved{m}{level}[{cpu}]", 0, level == 0 ? 0 : 1))];
        }

        Masks = [.. "DAI".Select(m => layout.Add($"{m}[{cpu}]", 0, 1))];
        Active = [.. Enum.GetNames<Trigger>().Select((t, i) => layout.Add($"in {t}[{cpu}]", 0, i == 0 ? 0 : 1))];
        Device = layout.Add($"device[{cpu}]", 0, 1);
        Messages = [.. scheme.Messages.Select(m => layout.Add($"{m} pending[{cpu}]", 0, 1))];
        for (var register = 0; register < 31; register++)
        {
            if ((trackedRegisters >> register & 1) == 1)
                Registers[register] = layout.Add($"x{register} kept[{cpu}]", 0, 1);
        }

        InKick = layout.Add($"in kick[{cpu}]", 0, 1);
        EqsSince =
        [
            .. Enumerable.Range(0, cpus).Select(t => layout.Add($"eqs since kick[{cpu},{t}]", 0, t == cpu ? 0 : 1)),
        ];
    }

    /// <summary>Position in each frame; 0 is no frame, at level 0 the first place.</summary>
    public Field[] Pc { get; } = new Field[Levels];

    /// <summary>Masks of the code that the frame interrupted, as D, A, I.</summary>
    public Field[][] Saved { get; } = new Field[Levels][];

    /// <summary>D, A, I.</summary>
    public Field[] Masks { get; }

    /// <summary>By trigger: is there a frame of this class.</summary>
    public Field[] Active { get; }

    public Field Device { get; }

    public Field[] Messages { get; }

    public SortedDictionary<int, Field> Registers { get; } = [];

    public Field InKick { get; }

    /// <summary>By target: in an EQS when this CPU's kick began and ever since.</summary>
    public Field[] EqsSince { get; }

    /// <summary>
    /// By message that a kick returns for, then by target: pending when this CPU's kick began and ever since.
    /// </summary>
    public SortedDictionary<int, Field[]> PendingSince { get; } = [];
}

/// <summary>The fields of one translation.</summary>
internal sealed class MappingFields(Layout layout, string name, int cpus)
{
    /// <summary>By CPU: it may still use the old translation.</summary>
    public Field[] Stale { get; } = [.. Enumerable.Range(0, cpus).Select(c => layout.Add($"{name} stale[{c}]", 0, 1))];

    public Field Returned { get; } = layout.Add($"{name} returned", 0, 1);
}

/// <summary>Whether the object in a variable lives.</summary>
internal sealed class ObjectFields(Layout layout, Field variable)
{
    /// <summary>Nobody may read or write it.</summary>
    public Field Freed { get; } = layout.Add($"{variable.Name} freed", 0, 1);

    /// <summary>Nobody may write it.</summary>
    public Field Drained { get; } = layout.Add($"{variable.Name} drained", 0, 1);
}

/// <summary>The fields of one patched text location.</summary>
internal sealed class TextFields(Layout layout, TextDeclaration declaration, int owner, int cpus)
{
    public TextDeclaration Declaration { get; } = declaration;

    public int Owner { get; } = owner;

    /// <summary>True if an instruction writes or maintains this location.</summary>
    public bool Touches(Instruction instruction) =>
        instruction
            .OwnMoves.SelectMany(m => m.Effects)
            .Any(e => e.Field == Cleaned || e.Field == Invalidated || Stale.Contains(e.Field));

    /// <summary>By CPU.</summary>
    public Field[] Stale { get; } =
    [.. Enumerable.Range(0, cpus).Select(c => layout.Add($"{declaration.Name}{owner} stale[{c}]", 0, 1))];

    public Field Cleaned { get; } = layout.Add($"{declaration.Name}{owner} cleaned", 0, 1);

    public Field Invalidated { get; } = layout.Add($"{declaration.Name}{owner} invalidated", 0, 1);

    public Field Returned { get; } = layout.Add($"{declaration.Name}{owner} returned", 0, 1);

    public Field Class { get; } =
        layout.Add($"{declaration.Name}{owner} class", 0, Math.Max(0, declaration.Classes.Count - 1));
}
