using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Moves;

/// <summary>The fields of a whole system: every CPU's, the memory, the text, the bookkeeping of properties.</summary>
internal sealed class SystemFields
{
    private readonly Dictionary<(string Name, int First, int Second), Field> _variables = [];

    public SystemFields(Scheme scheme, int cpus, uint trackedRegisters)
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
    }

    public Layout Layout { get; } = new();

    public CpuFields[] Cpus { get; }

    public List<TextFields> Texts { get; } = [];

    public Dictionary<string, MappingFields> Mappings { get; } = new(StringComparer.Ordinal);

    /// <summary>The books of properties.</summary>
    public Dictionary<Field, RecordKind> Records { get; } = [];

    /// <summary>Variables that other CPUs can see: reading one is an access to memory.</summary>
    public HashSet<Field> Memory { get; } = [];

    /// <summary>Adds a field that a property keeps books in.</summary>
    public Field AddRecord(string name, int low, int high, RecordKind kind)
    {
        var field = Layout.Add(name, low, high);
        Records[field] = kind;
        return field;
    }

    /// <summary>True for a field that a property keeps books of this kind in.</summary>
    public bool IsRecord(Field field, RecordKind kind) => Records.TryGetValue(field, out var found) && found == kind;

    /// <summary>The books of one kind.</summary>
    public IEnumerable<Field> RecordsOf(RecordKind kind) => Records.Where(r => r.Value == kind).Select(r => r.Key);

    /// <summary>The field of a variable's instance: indices are the selecting CPUs, 0 where there are none.</summary>
    public Field Variable(VariableDeclaration variable, int first, int second) =>
        _variables[(variable.Name, first, second)];

    public IEnumerable<(VariableDeclaration Variable, int Cpu, Field Field)> Variables(Scheme scheme) =>
        _variables.Select(v => (scheme.Variables[v.Key.Name], v.Key.First, v.Value));

    public TextFields Text(string name, int owner) =>
        Texts.First(t => t.Declaration.Name == name && (!t.Declaration.PerCpu || t.Owner == owner));

    private void AddVariable(VariableDeclaration variable, Scheme scheme, int cpus)
    {
        var (low, high) = variable.Type switch
        {
            RangeType r => (r.Low, r.High),
            SetType => (0, (1 << cpus) - 1),
            EnumType e => (0, e.Names.Count - 1),
            IrqType => (0, scheme.Messages.Count + 1),
            LockType => (0, cpus),
            QueueType q => (0, q.High),
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
    /// <summary>Which of <see cref="Masks"/> is I.</summary>
    public const int InterruptMask = 2;

    public CpuFields(Layout layout, Scheme scheme, int cpu, int cpus, uint trackedRegisters)
    {
        var masks = HasFiq(scheme) ? "DAIF" : "DAI";
        Pc = new Field[1 + scheme.Nesting];
        Saved = new Field[1 + scheme.Nesting][];
        for (var level = 0; level < Pc.Length; level++)
        {
            Pc[level] = layout.Add($"pc{level}[{cpu}]", 0, 0);
            Saved[level] = [.. masks.Select(m => layout.Add($"saved{m}{level}[{cpu}]", 0, level == 0 ? 0 : 1))];
        }

        Masks = [.. masks.Select(m => layout.Add($"{m}[{cpu}]", 0, 1))];
        Active = [.. Enum.GetNames<Trigger>().Select((t, i) => layout.Add($"in {t}[{cpu}]", 0, i == 0 ? 0 : 1))];
        Device = layout.Add($"device[{cpu}]", 0, 1);
        Messages = [.. scheme.Messages.Select(m => layout.Add($"{m} pending[{cpu}]", 0, 1))];
        _arrives = [.. scheme.MessageKinds.Values.Select(m => m.Arrives)];
        Off = [.. scheme.Messages.Select(m => IsSwitched(scheme, m) ? layout.Add($"{m} off[{cpu}]", 0, 1) : null)];
        DeviceOff = IsSwitched(scheme, SwitchStep.Device) ? layout.Add($"device off[{cpu}]", 0, 1) : null;
        for (var register = 0; register < 31; register++)
        {
            if ((trackedRegisters >> register & 1) == 1)
                Registers[register] = layout.Add($"x{register} kept[{cpu}]", 0, 1);
        }

        InKick = layout.Add($"in kick[{cpu}]", 0, 1);
        foreach (var name in scheme.Variables.Values.Where(v => v.Type is LockType).Select(v => v.Name))
            Locks[name] = new LockFields(layout, name, cpu, cpus);
    }

    /// <summary>By variable of type <c>lock</c>.</summary>
    public Dictionary<string, LockFields> Locks { get; } = new(StringComparer.Ordinal);

    /// <summary>Position in each frame; 0 is no frame, at level 0 the first place.</summary>
    public Field[] Pc { get; }

    /// <summary>Masks of the code that the frame interrupted, as D, A, I.</summary>
    public Field[][] Saved { get; }

    /// <summary>D, A, I; and F in a scheme in which something arrives on fiq.</summary>
    public Field[] Masks { get; }

    /// <summary>By trigger: is there a frame of this class.</summary>
    public Field[] Active { get; }

    public Field Device { get; }

    public Field[] Messages { get; }

    /// <summary>By message: it is switched off here; null for one that is never switched.</summary>
    public Field?[] Off { get; }

    /// <summary>Interrupts of devices are switched off; null if they never are.</summary>
    public Field? DeviceOff { get; }

    /// <summary>The messages that bring the CPU into paths of this kind.</summary>
    public IEnumerable<int> MessagesOf(Trigger trigger) =>
        Enumerable.Range(0, Messages.Length).Where(m => _arrives[m] == trigger);

    /// <summary>A message is pending, and not switched off.</summary>
    public Value IsPending(int message) => IsOn(Off[message], new Value.Read(Messages[message]));

    /// <summary>Some message of this kind is pending, and not switched off.</summary>
    public Value IsPending(Trigger trigger) =>
        MessagesOf(trigger).Aggregate(Value.Zero, (any, m) => Value.Operate(BinaryOperator.Or, any, IsPending(m)));

    /// <summary>A condition, as long as what it is about is not switched off.</summary>
    public static Value IsOn(Field? off, Value condition) =>
        off is null ? condition : Value.And(condition, Value.Not(new Value.Read(off)));

    public SortedDictionary<int, Field> Registers { get; } = [];

    public Field InKick { get; }

    private readonly Trigger[] _arrives;

    private static bool HasFiq(Scheme scheme) =>
        scheme.Paths.Values.Any(p => p.Trigger == Trigger.Fiq)
        || scheme.MessageKinds.Values.Any(m => m.Arrives == Trigger.Fiq);

    private static bool IsSwitched(Scheme scheme, string interrupt) =>
        scheme.MessageKinds.GetValueOrDefault(interrupt)?.OffWhen is not null
        || scheme.AllSteps().OfType<SwitchStep>().Any(s => s.Interrupt == interrupt);
}

/// <summary>
/// What a CPU knows of a lock, or of the locks that a <c>percpu</c> variable is, as sets of the CPUs whose locks they
/// are; a shared lock is CPU0's.
/// </summary>
internal sealed class LockFields(Layout layout, string name, int cpu, int cpus)
{
    /// <summary>Those that this CPU holds.</summary>
    public Field Held { get; } = layout.Add($"{name} held[{cpu}]", 0, (1 << cpus) - 1);

    /// <summary>Those that were taken with <c>irqsave</c> while I was clear.</summary>
    public Field Unmasks { get; } = layout.Add($"{name} unmasks[{cpu}]", 0, (1 << cpus) - 1);
}

/// <summary>The fields of one translation.</summary>
internal sealed class MappingFields(Layout layout, string name, int cpus)
{
    /// <summary>By CPU: it may still use the old translation.</summary>
    public Field[] Stale { get; } = [.. Enumerable.Range(0, cpus).Select(c => layout.Add($"{name} stale[{c}]", 0, 1))];

    public Field Returned { get; } = layout.Add($"{name} returned", 0, 1);
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
