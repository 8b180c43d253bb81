using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Moves;

/// <summary>What names mean for one CPU at one place of its code: turns expressions into values.</summary>
internal sealed class CpuScope
{
    private readonly SystemFields _fields;
    private readonly IReadOnlyDictionary<string, int> _knobs;
    private readonly int _cpus;
    private readonly IReadOnlyDictionary<string, int> _bindings;

    public CpuScope(
        Scheme scheme,
        SystemFields fields,
        IReadOnlyDictionary<string, int> knobs,
        int cpu,
        int cpus,
        IReadOnlyDictionary<string, int>? bindings = null
    )
    {
        Scheme = scheme;
        _fields = fields;
        _knobs = knobs;
        Cpu = cpu;
        _cpus = cpus;
        _bindings = bindings ?? new Dictionary<string, int>(StringComparer.Ordinal);
    }

    public Scheme Scheme { get; }

    public int Cpu { get; }

    public int All => (1 << _cpus) - 1;

    public CpuScope Bind(string name, int cpu) =>
        new(
            Scheme,
            _fields,
            _knobs,
            Cpu,
            _cpus,
            new Dictionary<string, int>(_bindings, StringComparer.Ordinal) { [name] = cpu }
        );

    /// <summary>The same names as seen on another CPU, for named states.</summary>
    public CpuScope On(int cpu) => new(Scheme, _fields, _knobs, cpu, _cpus);

    public Value Resolve(Expression expression)
    {
        switch (expression)
        {
            case NumberExpression number:
                return new Value.Constant(number.Value);
            case SetExpression set:
                return set.Elements.Aggregate(
                    Value.Zero,
                    (sum, e) => new Value.Constant(((Value.Constant)sum).Number | 1 << CpuOf(e))
                );
            case NotExpression not:
                return Value.Not(Resolve(not.Operand));
            case BinaryExpression binary:
                return ResolveBinary(binary);
            case ConditionalExpression c:
                return Value.If(Resolve(c.Test), Resolve(c.Then), Resolve(c.Else));
            case NameExpression name:
                return ResolveName(name);
            default:
                throw new ArgumentOutOfRangeException(nameof(expression));
        }
    }

    /// <summary>The value for a variable: enumerators are those of its type.</summary>
    public Value ResolveFor(VariableDeclaration variable, Expression expression) =>
        expression is ConditionalExpression c
            ? Value.If(Resolve(c.Test), ResolveFor(variable, c.Then), ResolveFor(variable, c.Else))
            : Enumerator(expression, NamesOf(variable.Type)) ?? Resolve(expression);

    /// <summary>The CPU that an expression names; loop variables are bound when code is expanded.</summary>
    public int CpuOf(Expression expression) =>
        expression is NameExpression { Name: var name }
            ? name == "self"
                ? Cpu
                : _bindings[name]
            : throw new ArgumentException("not a CPU", nameof(expression));

    public Field FieldOf(NameExpression name)
    {
        var variable = Scheme.Variables[name.Name];
        return variable.Storage switch
        {
            Storage.Shared or Storage.Ghost => _fields.Variable(variable, 0, 0),
            Storage.Pairwise => _fields.Variable(variable, CpuOf(name.Index[0]), CpuOf(name.Index[1])),
            _ => _fields.Variable(variable, Instance(name), 0),
        };
    }

    /// <summary>Which of the locks that a variable is a name means: the CPU that has it, 0 for a shared one.</summary>
    public int LockOf(NameExpression name) =>
        Scheme.Variables[name.Name].Storage == Storage.Shared ? 0 : Instance(name);

    /// <summary>The lock as a member of a set of locks.</summary>
    public Value.Constant LockBitOf(NameExpression name) => new(1 << LockOf(name));

    public TextFields TextOf(NameExpression name) => _fields.Text(name.Name, Instance(name));

    /// <summary>A named state of this CPU.</summary>
    public Value State(string name) => Resolve(Scheme.States[name].Condition);

    public bool Knob(string name, bool missing) => _knobs.TryGetValue(name, out var value) ? value != 0 : missing;

    private int Instance(NameExpression name) => name.Index.Count == 0 ? Cpu : CpuOf(name.Index[0]);

    private Value ResolveName(NameExpression name)
    {
        if (name.Name == "self" || _bindings.ContainsKey(name.Name))
            return new Value.Constant(CpuOf(name));
        if (name.Name == "others")
            return new Value.Constant(All & ~(1 << Cpu));
        if (name.Name == "all")
            return new Value.Constant(All);
        if (_knobs.TryGetValue(name.Name, out var knob))
            return new Value.Constant(knob);
        if (Scheme.Variables.ContainsKey(name.Name))
            return new Value.Read(FieldOf(name));
        if (Scheme.States.ContainsKey(name.Name))
            return On(Instance(name)).State(name.Name);
        if (Scheme.Texts.ContainsKey(name.Name))
            return new Value.Read(TextOf(name).Class);
        if (name.Name == "user" || Scheme.Places.ContainsKey(name.Name))
            return At(name.Name);
        return new Value.Constant(Scheme.RoleOf(Instance(name)).Flags.Any(f => f.Text == name.Name) ? 1 : 0);
    }

    /// <summary>Is the CPU at a place and in no path (M1)?</summary>
    private Value At(string place)
    {
        var pc = _fields.Cpus[Cpu].Pc;
        var index = place == "user" ? 0 : 1 + Scheme.Places.Keys.ToList().IndexOf(place);
        return Value.And(Is(pc[0], index), Is(pc[1], 0));

        static Value Is(Field field, int value) =>
            Value.Operate(BinaryOperator.Equal, new Value.Read(field), new Value.Constant(value));
    }

    private Value ResolveBinary(BinaryExpression binary)
    {
        if (binary.Operator is BinaryOperator.Equal or BinaryOperator.NotEqual)
        {
            if (Enumerator(binary.Right, NamesOf(binary.Left)) is { } right)
                return Value.Operate(binary.Operator, Resolve(binary.Left), right);
            if (Enumerator(binary.Left, NamesOf(binary.Right)) is { } left)
                return Value.Operate(binary.Operator, left, Resolve(binary.Right));
        }

        if (binary.Operator is BinaryOperator.Plus or BinaryOperator.Minus && IsSet(binary.Left))
        {
            var other = IsSet(binary.Right) ? Resolve(binary.Right) : new Value.Constant(1 << CpuOf(binary.Right));
            return Value.Combine(binary.Operator == BinaryOperator.Plus, Resolve(binary.Left), other);
        }

        if (binary.Operator == BinaryOperator.Plus && QueueOf(binary.Left) is { } queue)
        {
            var entry = Enumerator(binary.Right, NamesOf(queue.Element)) ?? Resolve(binary.Right);
            return QueueValues.Append(queue, Resolve(binary.Left), entry);
        }

        var value = Value.Operate(binary.Operator, Resolve(binary.Left), Resolve(binary.Right));
        return Wrapping(binary) is { } range ? Value.Wrap(value, range.Low, range.High) : value;
    }

    /// <summary>The range in which a sum or difference wraps round: that of the variable that it begins with.</summary>
    private RangeType? Wrapping(Expression expression) =>
        expression switch
        {
            BinaryExpression { Operator: BinaryOperator.Plus or BinaryOperator.Minus } b => b.Left
                is NameExpression name
                ? !_bindings.ContainsKey(name.Name)
                && Scheme.Variables.TryGetValue(name.Name, out var variable)
                && variable.Type is RangeType { Wraps: true } range
                    ? range
                    : null
                : Wrapping(b.Left),
            _ => null,
        };

    private bool IsSet(Expression expression) =>
        expression switch
        {
            SetExpression => true,
            NameExpression n => n.Name is "others" or "all"
                || (Scheme.Variables.TryGetValue(n.Name, out var v) && v.Type is SetType),
            BinaryExpression { Operator: BinaryOperator.Plus or BinaryOperator.Minus } b => IsSet(b.Left),
            ConditionalExpression c => IsSet(c.Then),
            _ => false,
        };

    /// <summary>The type of a queue; null for everything else.</summary>
    private QueueType? QueueOf(Expression expression) =>
        expression switch
        {
            NameExpression n => !_bindings.ContainsKey(n.Name)
            && Scheme.Variables.TryGetValue(n.Name, out var v)
                ? v.Type as QueueType
                : null,
            BinaryExpression { Operator: BinaryOperator.Plus } b => QueueOf(b.Left),
            ConditionalExpression c => QueueOf(c.Then) ?? QueueOf(c.Else),
            _ => null,
        };

    private static Value.Constant? Enumerator(Expression expression, IReadOnlyList<string>? names)
    {
        if (names is null || expression is not NameExpression { Index.Count: 0 } name)
            return null;
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] == name.Name)
                return new Value.Constant(i);
        }

        return null;
    }

    private IReadOnlyList<string>? NamesOf(Expression expression)
    {
        if (expression is not NameExpression name || _bindings.ContainsKey(name.Name))
            return null;
        if (Scheme.Knobs.TryGetValue(name.Name, out var knob))
            return knob.Values;
        if (Scheme.Variables.TryGetValue(name.Name, out var variable))
            return NamesOf(variable.Type);
        return Scheme.Texts.TryGetValue(name.Name, out var text) ? text.Classes : null;
    }

    private IReadOnlyList<string>? NamesOf(VariableType type) =>
        type switch
        {
            EnumType e => e.Names,
            IrqType => ["none", "device", .. Scheme.Messages],
            LockType => ["free"],
            QueueType => ["empty"],
            _ => null,
        };

    /// <summary>Resolves initial values: a place is where the CPU starts.</summary>
    internal sealed class PlaceScope(CpuScope scope, Func<string, Value> place)
    {
        /// <summary>The value for a variable: enumerators are those of its type.</summary>
        public Value ResolveFor(VariableDeclaration variable) =>
            Of(variable.Initial!, scope.NamesOf(variable.Type));

        private Value Of(Expression initial, IReadOnlyList<string>? names) =>
            initial is ConditionalExpression c
                ? Value.If(Resolve(c.Test), Of(c.Then, names), Of(c.Else, names))
                : Enumerator(initial, names) ?? Resolve(initial);

        public Value Resolve(Expression expression) =>
            expression switch
            {
                NotExpression n => Value.Not(Resolve(n.Operand)),
                ConditionalExpression c => Value.If(Resolve(c.Test), Resolve(c.Then), Resolve(c.Else)),
                BinaryExpression { Operator: BinaryOperator.And or BinaryOperator.Or } b => Value.Operate(
                    b.Operator,
                    Resolve(b.Left),
                    Resolve(b.Right)
                ),
                NameExpression { Name: var name } when name == "user" || scope.Scheme.Places.ContainsKey(name) => place(
                    name
                ),
                _ => scope.Resolve(expression),
            };
    }
}
