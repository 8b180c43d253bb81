using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Tests.Naive;

/// <summary>A loop's or a policy's name for a CPU.</summary>
internal sealed record CpuName(string Name, int Cpu, CpuName? Next);

/// <summary>
/// A value: a number, a CPU, a set of CPUs (bit n stands for CPUn), or one of <paramref name="Names"/>.
/// </summary>
internal readonly record struct Value(int Number, bool IsSet = false, IReadOnlyList<string>? Names = null)
{
    /// <summary>The range in which a sum or difference that begins with the value wraps round, or null.</summary>
    public RangeType? Wraps { get; init; }
}

/// <summary>Values of expressions in a state, by a walk over the tree.</summary>
internal sealed class NaiveValues
{
    private static readonly NaiveState s_nothing = new([], [], []);

    private readonly Scheme _scheme;
    private readonly Dictionary<string, int> _knobs;
    private readonly int _cpus;
    private readonly Dictionary<string, int> _variableStart = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _textStart = new(StringComparer.Ordinal);
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
        foreach (var variable in scheme.Variables.Values)
        {
            _variableStart[variable.Name] = VariableCount;
            VariableCount += variable.Storage switch
            {
                Storage.Shared or Storage.Ghost => 1,
                Storage.Pairwise => cpus * cpus,
                _ => cpus,
            };
        }

        Records = new NaiveRecords(scheme, cpus, VariableCount);
        foreach (var text in scheme.Texts.Values)
        {
            _textStart[text.Name] = TextCount;
            TextCount += text.PerCpu ? cpus : 1;
        }
    }

    /// <summary>Where the scheme's CPUs are declared.</summary>
    public SourceSpan Span => _scheme.Roles.Values.First().Span;

    public int VariableCount { get; }

    public int TextCount { get; }

    /// <summary>What properties are judged by, kept behind the variables.</summary>
    public NaiveRecords Records { get; }

    /// <summary>Is the knob there and off?</summary>
    public bool IsOff(string knob) => _knobs.TryGetValue(knob, out var value) && value == 0;

    /// <summary>Values at the start, with every CPU at its place.</summary>
    public IReadOnlyList<int> InitialVariables(IReadOnlyList<CpuState> places)
    {
        var values = new int[VariableCount + Records.Count];
        var start = new NaiveState(places, [], []);
        foreach (var variable in _scheme.Variables.Values)
        {
            var count = variable.Storage switch
            {
                Storage.Shared or Storage.Ghost => 1,
                Storage.Pairwise => _cpus * _cpus,
                _ => _cpus,
            };
            for (var i = 0; i < count; i++)
            {
                var cpu = variable.Storage == Storage.Pairwise ? i / _cpus : i;
                var value = variable.Initial is null
                    ? variable.Type is RangeType range
                        ? range.Low
                        : 0
                    : Evaluate(variable.Initial, start, cpu, null, NamesOf(variable.Type)).Number;
                values[_variableStart[variable.Name] + i] = InRange(variable, value, variable.Initial);
            }
        }

        return values;
    }

    /// <summary>Index of the text location of a step.</summary>
    public int Text(NameExpression site, NaiveState state, int self, CpuName? names) =>
        _textStart[site.Name]
        + (
            !_scheme.Texts[site.Name].PerCpu ? 0
            : site.Index.Count == 0 ? self
            : Evaluate(site.Index[0], state, self, names).Number
        );

    /// <summary>The declaration of a text location by its index.</summary>
    public TextDeclaration TextAt(int index) => _scheme.Texts.Values.Last(t => _textStart[t.Name] <= index);

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

    /// <summary>
    /// Does the expression read a variable in memory (M7)? What knobs, flags and CPUs decide without it is not read.
    /// </summary>
    public bool ReadsMemory(Expression expression, int self, CpuName? names) =>
        Fixed(expression, self, names) is null
        && expression switch
        {
            NameExpression n when _scheme.Variables.TryGetValue(n.Name, out var v) => v.Storage
                is Storage.Shared
                    or Storage.PerCpu
                    or Storage.Pairwise,
            NameExpression n when _scheme.States.TryGetValue(n.Name, out var s) => ReadsMemory(
                s.Condition,
                CpuOf(n, self, names),
                null
            ),
            NotExpression n => ReadsMemory(n.Operand, self, names),
            BinaryExpression b => ReadsMemory(b.Left, self, names) || ReadsMemory(b.Right, self, names),
            ConditionalExpression c => Parts(c, self, names).Any(p => ReadsMemory(p, self, names)),
            _ => false,
        };

    /// <summary>The variables in memory that the expression reads.</summary>
    public IEnumerable<int> MemorySlots(Expression expression, int self, CpuName? names) =>
        !ReadsMemory(expression, self, names)
            ? []
            : expression switch
            {
                NameExpression n when _scheme.Variables.ContainsKey(n.Name) => [Slot(n, s_nothing, self, names)],
                NameExpression n => MemorySlots(_scheme.States[n.Name].Condition, CpuOf(n, self, names), null),
                NotExpression n => MemorySlots(n.Operand, self, names),
                BinaryExpression b => MemorySlots(b.Left, self, names).Concat(MemorySlots(b.Right, self, names)),
                ConditionalExpression c => Parts(c, self, names).SelectMany(p => MemorySlots(p, self, names)),
                _ => [],
            };

    /// <summary>
    /// The parts of a conditional value that are looked at: what is decided before the run is not (M7).
    /// </summary>
    private IEnumerable<Expression> Parts(ConditionalExpression value, int self, CpuName? names) =>
        Fixed(value.Test, self, names) switch
        {
            null => [value.Test, value.Then, value.Else],
            0 => [value.Else],
            _ => [value.Then],
        };

    /// <summary>The value, if knobs, flags and CPUs alone decide it (M7); else null.</summary>
    public int? Fixed(Expression expression, int self, CpuName? names)
    {
        switch (expression)
        {
            case NumberExpression number:
                return number.Value;
            case NameExpression name
                when !_scheme.Variables.ContainsKey(name.Name)
                    && !_scheme.Texts.ContainsKey(name.Name)
                    && IsKnown(name with { Index = [] }, names):
                return _scheme.States.TryGetValue(name.Name, out var state)
                    ? Fixed(state.Condition, CpuOf(name, self, names), null)
                    : Named(name, s_nothing, self, names).Number;
            case SetExpression set:
                return Evaluate(set, s_nothing, self, names).Number;
            case NotExpression not:
                return Fixed(not.Operand, self, names) is { } operand ? Truth(operand == 0).Number : null;
            case ConditionalExpression value:
                return Parts(value, self, names).ToList() is [var only] ? Fixed(only, self, names) : null;
            case BinaryExpression { Operator: BinaryOperator.And or BinaryOperator.Or } both:
                var decides = both.Operator == BinaryOperator.Or;
                var (left, right) = (Fixed(both.Left, self, names), Fixed(both.Right, self, names));
                return (left is not null && left != 0 == decides) || (right is not null && right != 0 == decides)
                        ? Truth(decides).Number
                    : left is null || right is null ? null
                    : Truth(!decides).Number;
            case BinaryExpression { Operator: BinaryOperator.Equal or BinaryOperator.NotEqual } compared:
                var known = IsKnown(compared.Left, names) ? compared.Left : compared.Right;
                var other = ReferenceEquals(known, compared.Left) ? compared.Right : compared.Left;
                return
                    Fixed(known, self, names) is not null
                    && (Fixed(other, self, names) is not null || !IsKnown(other, names))
                    ? Evaluate(expression, s_nothing, self, names).Number
                    : null;
            case BinaryExpression binary:
                return Fixed(binary.Left, self, names) is null || Fixed(binary.Right, self, names) is null
                    ? null
                    : Evaluate(expression, s_nothing, self, names).Number;
            default:
                return null;
        }
    }

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
                return Truth(!IsTrue(not.Operand, state, self, names));
            case BinaryExpression binary:
                return Binary(binary, state, self, names);
            case ConditionalExpression value:
                var chosen = IsTrue(value.Test, state, self, names) ? value.Then : value.Else;
                return Evaluate(chosen, state, self, names, wanted);
            default:
                throw new NaiveSchemeException(expression.Span, "no such expression");
        }
    }

    private Value Named(NameExpression name, NaiveState state, int self, CpuName? names)
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
            return Truth(_scheme.RoleOf(cpu).Flags.Any(f => f.Text == name.Name));
        if (_scheme.Variables.TryGetValue(name.Name, out var variable))
        {
            return new Value(
                state.Variables[Slot(name, state, self, names)],
                variable.Type is SetType,
                NamesOf(variable.Type)
            )
            {
                Wraps = variable.Type is RangeType { Wraps: true } range ? range : null,
            };
        }

        if (_scheme.States.TryGetValue(name.Name, out var named))
            return Truth(IsTrue(named.Condition, state, cpu, null));
        if (_scheme.Texts.TryGetValue(name.Name, out var text))
            return new Value(state.Texts[Text(name, state, self, names)].Class, Names: text.Classes);
        if (name.Name == "user" || _scheme.Places.ContainsKey(name.Name))
            return Truth(state.Cpus[self].Top is null && state.Cpus[self].Place == name.Name);
        throw new NaiveSchemeException(name.Span, $"'{name.Name}' has no value here");
    }

    /// <summary>The CPU that a name is of; no variable selects a CPU.</summary>
    private int CpuOf(NameExpression name, int self, CpuName? names) =>
        name.Index.Count == 0 ? self : Evaluate(name.Index[0], s_nothing, self, names).Number;

    private Value Binary(BinaryExpression binary, NaiveState state, int self, CpuName? names)
    {
        if (binary.Operator is BinaryOperator.Equal or BinaryOperator.NotEqual)
        {
            // One side may be a name of an enumeration; what the other side is says of which.
            var (first, second) = IsKnown(binary.Left, names)
                ? (binary.Left, binary.Right)
                : (binary.Right, binary.Left);
            var value = Evaluate(first, state, self, names);
            return Truth(
                (value.Number == Evaluate(second, state, self, names, value.Names).Number)
                    == (binary.Operator == BinaryOperator.Equal)
            );
        }

        var left = Evaluate(binary.Left, state, self, names);
        var right = Evaluate(binary.Right, state, self, names);
        var (a, b) = (left.Number, right.Number);
        if (left.IsSet)
        {
            var bits = right.IsSet ? b : 1 << b;
            return new Value(binary.Operator == BinaryOperator.Plus ? a | bits : a & ~bits, true);
        }

        if (left.Wraps is { } range && binary.Operator is (BinaryOperator.Plus or BinaryOperator.Minus))
        {
            var number = binary.Operator == BinaryOperator.Plus ? a + b : a - b;
            while (number > range.High)
                number -= range.High - range.Low + 1;
            while (number < range.Low)
                number += range.High - range.Low + 1;
            return new Value(number) { Wraps = range };
        }

        return binary.Operator switch
        {
            BinaryOperator.Or => Truth(a != 0 || b != 0),
            BinaryOperator.And => Truth(a != 0 && b != 0),
            BinaryOperator.Less => Truth(a < b),
            BinaryOperator.LessOrEqual => Truth(a <= b),
            BinaryOperator.Greater => Truth(a > b),
            BinaryOperator.GreaterOrEqual => Truth(a >= b),
            BinaryOperator.In => Truth((b >> a & 1) == 1),
            BinaryOperator.Plus => new Value(a + b),
            BinaryOperator.Minus => new Value(a - b),
            _ => throw new NaiveSchemeException(binary.Span, "no such operator"),
        };
    }

    private bool IsKnown(Expression expression, CpuName? names)
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

    /// <summary>The places of all instances of a variable.</summary>
    public IEnumerable<int> SlotsOf(VariableDeclaration variable)
    {
        var start = _variableStart[variable.Name];
        var next = _variableStart.Values.Where(s => s > start).DefaultIfEmpty(VariableCount).Min();
        return Enumerable.Range(start, next - start);
    }

    public int Slot(NameExpression name, NaiveState state, int self, CpuName? names)
    {
        var start = _variableStart[name.Name];
        int Cpu(int index) => Evaluate(name.Index[index], state, self, names).Number;
        return _scheme.Variables[name.Name].Storage switch
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
            _ => null,
        };

    private static int InRange(VariableDeclaration variable, int value, Expression? written) =>
        variable.Type is RangeType range && (value < range.Low || value > range.High)
            ? throw new NaiveSchemeException(
                (written ?? variable.Initial)?.Span ?? variable.Span,
                $"'{variable.Name}' holds {range.Low} to {range.High}, not {value}"
            )
            : value;

    private static Value Truth(bool truth) => new(truth ? 1 : 0);

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
