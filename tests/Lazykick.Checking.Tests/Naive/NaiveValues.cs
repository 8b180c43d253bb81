using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Tests.Naive;

/// <summary>Values of expressions in a state, by a walk over the tree.</summary>
internal sealed class NaiveValues
{
    /// <summary>A state in which nothing has a value: what is decided before the run needs none.</summary>
    public static readonly NaiveState Nothing = new([], [], []);

    private readonly Scheme _scheme;
    private readonly Dictionary<string, int> _knobs;
    private readonly int _cpus;
    private readonly HashSet<string> _flags;

    public NaiveValues(Scheme scheme, IReadOnlyDictionary<string, int> knobs, int cpus)
    {
        _scheme = scheme;
        _knobs = scheme.Knobs.ToDictionary(
            k => k.Key,
            k => knobs.TryGetValue(k.Key, out var set) ? set : k.Value.Default,
            StringComparer.Ordinal
        );
        _cpus = cpus;
        _flags = [.. scheme.Roles.Values.SelectMany(r => r.Flags).Select(f => f.Text)];
        Layout = new NaiveLayout(scheme, cpus);
        Decided = new DecidedValues(scheme, this);
        Records = new NaiveRecords(scheme, cpus, Layout.VariableCount);
    }

    /// <summary>Where the scheme's CPUs are declared.</summary>
    public SourceSpan Span => _scheme.Roles.Values.First().Span;

    /// <summary>Where the instances of variables and texts are kept.</summary>
    public NaiveLayout Layout { get; }

    /// <summary>What is decided before the run.</summary>
    public DecidedValues Decided { get; }

    /// <summary>What properties are judged by, kept behind the variables.</summary>
    public NaiveRecords Records { get; }

    /// <summary>Is the knob there and off?</summary>
    public bool IsOff(string knob) => _knobs.TryGetValue(knob, out var value) && value == 0;

    /// <summary>Values at the start, with every CPU at its place.</summary>
    public IReadOnlyList<int> InitialVariables(IReadOnlyList<CpuState> places)
    {
        var values = new int[Layout.VariableCount + Records.Count];
        var start = new NaiveState(places, [], []);
        foreach (var variable in _scheme.Variables.Values)
        {
            foreach (var (slot, cpu) in Layout.InstancesOf(variable))
            {
                var value = variable.Initial is null
                    ? variable.Type is RangeType range
                        ? range.Low
                        : 0
                    : Evaluate(variable.Initial, start, cpu, null, NamesOf(variable.Type)).Number;
                values[slot] = InRange(variable, value, variable.Initial);
            }
        }

        return values;
    }

    /// <summary>Index of the text location of a step.</summary>
    public int Text(NameExpression site, NaiveState state, int self, CpuName? names) =>
        Layout.StartOf(_scheme.Texts[site.Name])
        + (
            !_scheme.Texts[site.Name].PerCpu ? 0
            : site.Index.Count == 0 ? self
            : Evaluate(site.Index[0], state, self, names).Number
        );

    /// <summary>A variable with the new value; the value is evaluated in <paramref name="state"/> too.</summary>
    public NaiveState Assign(NameExpression target, Expression value, NaiveState state, int self, CpuName? names)
    {
        var variable = _scheme.Variables[target.Name];
        return Store(
            target,
            Evaluate(value, state, self, names, NamesOf(variable.Type)).Number,
            state,
            self,
            names,
            value
        );
    }

    public NaiveState Store(
        NameExpression target,
        int value,
        NaiveState state,
        int self,
        CpuName? names,
        Expression? written = null
    ) =>
        state.WithVariable(
            Slot(target, state, self, names),
            InRange(_scheme.Variables[target.Name], value, written ?? target)
        );

    public int Load(NameExpression target, NaiveState state, int self, CpuName? names) =>
        state.Variables[Slot(target, state, self, names)];

    /// <summary>The CPU takes a lock, or gives it back (M28): 0 is free, n + 1 is held by CPUn.</summary>
    public NaiveState Hold(NameExpression name, bool takes, NaiveState state, int self, CpuName? names) =>
        state.WithVariable(Slot(name, state, self, names), takes ? 1 + self : 0);

    /// <summary>The CPU remembers that giving the lock back clears I.</summary>
    public NaiveState Unmasks(NameExpression name, bool does, NaiveState state, int self, CpuName? names) =>
        state.WithVariable(Records.Unmasks(Slot(name, state, self, names), self), does ? 1 : 0);

    public bool IsUnmasking(NameExpression name, NaiveState state, int self, CpuName? names) =>
        state.Variables[Records.Unmasks(Slot(name, state, self, names), self)] == 1;

    /// <summary>Does the variable hold this value?</summary>
    public bool Holds(NameExpression target, Expression value, NaiveState state, int self, CpuName? names) =>
        Load(target, state, self, names)
        == Evaluate(value, state, self, names, NamesOf(_scheme.Variables[target.Name].Type)).Number;

    /// <summary>
    /// The oldest entry of a queue, and the queue without it. Entries are numbers from 1, four bits each, the oldest
    /// lowest.
    /// </summary>
    public NaiveState Taken(TakeStep step, int queue, NaiveState state, int self, CpuName? names)
    {
        var low = ((QueueType)_scheme.Variables[step.Queue.Name].Type).Element is RangeType range ? range.Low : 0;
        var entry = (queue & 15) - 1 + low;
        return Store(step.Queue, queue >> 4, Store(step.Result, entry, state, self, names), self, names);
    }

    public bool IsTrue(Expression condition, NaiveState state, int self, CpuName? names) =>
        Evaluate(condition, state, self, names).Number != 0;

    /// <summary>The CPUs that are in <c>eqs</c>.</summary>
    public int InEqs(NaiveState state) =>
        !_scheme.States.TryGetValue("eqs", out var eqs)
            ? 0
            : Enumerable
                .Range(0, _cpus)
                .Where(c => IsTrue(eqs.Condition, state, c, null))
                .Aggregate(0, (set, c) => set | 1 << c);

    public Value Evaluate(
        Expression expression,
        NaiveState state,
        int self,
        CpuName? names,
        IReadOnlyList<string>? wanted = null
    )
    {
        switch (expression)
        {
            case NumberExpression number:
                return new Value(number.Value);
            case NameExpression { Index.Count: 0 } name when wanted is not null && wanted.Contains(name.Name):
                return new Value(IndexOf(wanted, name.Name), Names: wanted);
            case NameExpression name:
                return Named(name, state, self, names);
            case SetExpression set:
                return new Value(
                    set.Elements.Aggregate(0, (bits, e) => bits | 1 << Evaluate(e, state, self, names).Number),
                    true
                );
            case NotExpression not:
                return Value.Truth(!IsTrue(not.Operand, state, self, names));
            case BinaryExpression binary:
                return Binary(binary, state, self, names);
            case ConditionalExpression value:
                var chosen = IsTrue(value.Test, state, self, names) ? value.Then : value.Else;
                return Evaluate(chosen, state, self, names, wanted);
            default:
                throw new NaiveSchemeException(expression.Span, "no such expression");
        }
    }

    public Value Named(NameExpression name, NaiveState state, int self, CpuName? names)
    {
        for (var known = names; known is not null; known = known.Next)
        {
            if (known.Name == name.Name)
                return new Value(known.Cpu);
        }

        var cpu = CpuOf(name, self, names);
        if (name.Name == "self")
            return new Value(self);
        if (name.Name == "all")
            return new Value((1 << _cpus) - 1, true);
        if (name.Name == "others")
            return new Value((1 << _cpus) - 1 & ~(1 << self), true);
        if (_knobs.TryGetValue(name.Name, out var setting))
        {
            return new Value(
                setting,
                Names: _scheme.Knobs[name.Name].IsSwitch ? null : _scheme.Knobs[name.Name].Values
            );
        }

        if (_flags.Contains(name.Name))
            return Value.Truth(_scheme.RoleOf(cpu).Flags.Any(f => f.Text == name.Name));
        if (_scheme.Variables.TryGetValue(name.Name, out var variable))
        {
            return new Value(
                state.Variables[Slot(name, state, self, names)],
                variable.Type is SetType,
                NamesOf(variable.Type)
            )
            {
                Wraps = variable.Type is RangeType { Wraps: true } range ? range : null,
                Queue = variable.Type as QueueType,
            };
        }

        if (_scheme.States.TryGetValue(name.Name, out var named))
            return Value.Truth(IsTrue(named.Condition, state, cpu, null));
        if (_scheme.Texts.TryGetValue(name.Name, out var text))
            return new Value(state.Texts[Text(name, state, self, names)].Class, Names: text.Classes);
        if (name.Name == "user" || _scheme.Places.ContainsKey(name.Name))
            return Value.Truth(state.Cpus[self].Top is null && state.Cpus[self].Place == name.Name);
        throw new NaiveSchemeException(name.Span, $"'{name.Name}' has no value here");
    }

    /// <summary>The CPU that a name is of; no variable selects a CPU.</summary>
    public int CpuOf(NameExpression name, int self, CpuName? names) =>
        name.Index.Count == 0 ? self : Evaluate(name.Index[0], Nothing, self, names).Number;

    private Value Binary(BinaryExpression binary, NaiveState state, int self, CpuName? names)
    {
        if (binary.Operator is BinaryOperator.Equal or BinaryOperator.NotEqual)
        {
            // One side may be a name of an enumeration; what the other side is says of which.
            var (first, second) = IsKnown(binary.Left, names)
                ? (binary.Left, binary.Right)
                : (binary.Right, binary.Left);
            var value = Evaluate(first, state, self, names);
            return Value.Truth(
                (value.Number == Evaluate(second, state, self, names, value.Names).Number)
                    == (binary.Operator == BinaryOperator.Equal)
            );
        }

        var left = Evaluate(binary.Left, state, self, names);
        var right = Evaluate(binary.Right, state, self, names, left.Queue is { } queue ? NamesOf(queue.Element) : null);
        return NaiveArithmetic.Of(binary, left, right);
    }

    /// <summary>Does the name mean something by itself, so that it is no name of an enumeration?</summary>
    public bool IsKnown(Expression expression, CpuName? names)
    {
        if (expression is not NameExpression { Index.Count: 0 } name)
            return true;
        for (var known = names; known is not null; known = known.Next)
        {
            if (known.Name == name.Name)
                return true;
        }

        return name.Name is "self" or "all" or "others"
            || _knobs.ContainsKey(name.Name)
            || _flags.Contains(name.Name)
            || _scheme.Variables.ContainsKey(name.Name)
            || _scheme.States.ContainsKey(name.Name)
            || _scheme.Texts.ContainsKey(name.Name);
    }

    public int Slot(NameExpression name, NaiveState state, int self, CpuName? names)
    {
        var variable = _scheme.Variables[name.Name];
        var start = Layout.StartOf(variable);
        int Cpu(int index) => Evaluate(name.Index[index], state, self, names).Number;
        return variable.Storage switch
        {
            Storage.Shared or Storage.Ghost => start,
            Storage.Pairwise => start + Cpu(0) * _cpus + Cpu(1),
            _ => start + (name.Index.Count == 0 ? self : Cpu(0)),
        };
    }

    private IReadOnlyList<string>? NamesOf(VariableType type) =>
        type switch
        {
            EnumType e => e.Names,
            IrqType => ["none", "device", .. _scheme.Messages],
            LockType => ["free"],
            QueueType => ["empty"],
            _ => null,
        };

    private static int InRange(VariableDeclaration variable, int value, Expression? written) =>
        variable.Type is RangeType range && (value < range.Low || value > range.High)
            ? throw new NaiveSchemeException(
                (written ?? variable.Initial)?.Span ?? variable.Span,
                $"'{variable.Name}' holds {range.Low} to {range.High}, not {value}"
            )
            : value;

    private static int IndexOf(IReadOnlyList<string> names, string name)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] == name)
                return i;
        }

        return -1;
    }
}
