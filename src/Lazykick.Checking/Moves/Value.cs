using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Moves;

/// <summary>A resolved expression: every name has become a field or a number.</summary>
internal abstract class Value
{
    public static Value Zero { get; } = new Constant(0);

    public static Value One { get; } = new Constant(1);

    /// <summary>Evaluates over the values of fields, by field id.</summary>
    public abstract int Of(int[] fields);

    public abstract void AddFields(ISet<Field> fields);

    /// <summary>The fields that the value depends on.</summary>
    public HashSet<Field> Fields()
    {
        var fields = new HashSet<Field>();
        AddFields(fields);
        return fields;
    }

    /// <summary>
    /// Adds what the value depends on: of a set that only membership is asked of, only the bits of these members.
    /// </summary>
    public abstract void AddUses(ICollection<FieldUse> uses);

    /// <summary>Is it the same value with CPU1 and CPU2 in each other's place?</summary>
    /// <param name="other">The value that should be its image.</param>
    /// <param name="image">The image of each field.</param>
    public abstract bool IsImageOf(Value other, Func<Field, Field> image);

    /// <summary>What is left of it once all its tests are decided: the results that are possible.</summary>
    public virtual IEnumerable<Value> Results => [this];

    /// <summary>Does it add members to a set, or take members away, whatever else is in the set?</summary>
    /// <param name="set">The set.</param>
    /// <param name="members">The members, as bits.</param>
    /// <param name="adds">They are added.</param>
    public virtual bool IsUpdateOf(Field set, out int members, out bool adds)
    {
        (members, adds) = (0, false);
        return false;
    }

    /// <summary>The value in another form.</summary>
    public abstract T Form<T>(IValueForm<T> form);

    public bool IsConstant(out int value)
    {
        value = this is Constant c ? c.Number : 0;
        return this is Constant;
    }

    public static Value And(Value a, Value b) => Operate(BinaryOperator.And, a, b);

    public static Value Not(Value a) => a.IsConstant(out var n) ? new Constant(n == 0 ? 1 : 0) : new Negation(a);

    public static Value If(Value test, Value then, Value otherwise) =>
        test.IsConstant(out var n)
            ? n != 0
                ? then
                : otherwise
            : new Conditional(test, then, otherwise);

    /// <summary>A number in a range in which the lowest comes behind the highest.</summary>
    public static Value Wrap(Value value, int low, int high)
    {
        var wrapped = new Wrapped(value, low, high);
        return value.IsConstant(out _) ? new Constant(wrapped.Of([])) : wrapped;
    }

    /// <summary>A number that is 0 or more, multiplied or divided by a constant.</summary>
    public static Value Scale(Scaling scaling, Value value, int by)
    {
        var scaled = new Scaled(scaling, value, by);
        return value.IsConstant(out _) ? new Constant(scaled.Of([])) : scaled;
    }

    /// <summary>Union or difference of two sets of CPUs, as bit sets.</summary>
    public static Value Combine(bool add, Value set, Value other)
    {
        var value = new SetOperation(add, set, other);
        return set.IsConstant(out _) && other.IsConstant(out _) ? new Constant(value.Of([])) : value;
    }

    public static Value Operate(BinaryOperator operation, Value a, Value b)
    {
        var left = a.IsConstant(out var l);
        var right = b.IsConstant(out var r);
        if (left && right)
            return new Constant(Operation.Apply(operation, l, r));
        return (operation, left, right) switch
        {
            (BinaryOperator.And, true, _) => l == 0 ? Zero : b,
            (BinaryOperator.And, _, true) => r == 0 ? Zero : a,
            (BinaryOperator.Or, true, _) => l != 0 ? One : b,
            (BinaryOperator.Or, _, true) => r != 0 ? One : a,
            _ => new Operation(operation, a, b),
        };
    }

    internal sealed class Constant(int number) : Value
    {
        public int Number { get; } = number;

        public override int Of(int[] fields) => Number;

        public override T Form<T>(IValueForm<T> form) => form.Number(Number);

        public override void AddFields(ISet<Field> fields) { }

        public override void AddUses(ICollection<FieldUse> uses) { }

        // A number, or a set of CPUs: which of the two is not known here.
        public override bool IsImageOf(Value other, Func<Field, Field> image) =>
            other is Constant c && (c.Number == Number || c.Number == Exchange(Number));

        private static int Exchange(int set) => (set & ~6) | (set & 2) << 1 | (set & 4) >> 1;
    }

    internal sealed class Read(Field field) : Value
    {
        public Field Field { get; } = field;

        public override int Of(int[] fields) => fields[Field.Id];

        public override T Form<T>(IValueForm<T> form) => form.Read(Field);

        public override void AddFields(ISet<Field> fields) => fields.Add(Field);

        public override void AddUses(ICollection<FieldUse> uses) => uses.Add(new FieldUse(Field));

        public override bool IsImageOf(Value other, Func<Field, Field> image) =>
            other is Read read && image(read.Field) == Field;
    }

    private sealed class Negation(Value inner) : Value
    {
        public override int Of(int[] fields) => inner.Of(fields) == 0 ? 1 : 0;

        public override T Form<T>(IValueForm<T> form) => form.Not(inner.Form(form));

        public override void AddFields(ISet<Field> fields) => inner.AddFields(fields);

        public override void AddUses(ICollection<FieldUse> uses) => inner.AddUses(uses);

        public override bool IsImageOf(Value other, Func<Field, Field> image) =>
            other is Negation negation && Inner.IsImageOf(negation.Inner, image);

        private Value Inner => inner;
    }

    private sealed class Wrapped(Value inner, int low, int high) : Value
    {
        public override int Of(int[] fields)
        {
            var count = high - low + 1;
            return low + ((inner.Of(fields) - low) % count + count) % count;
        }

        public override T Form<T>(IValueForm<T> form) => form.Wrap(inner.Form(form), low, high);

        public override void AddFields(ISet<Field> fields) => inner.AddFields(fields);

        public override void AddUses(ICollection<FieldUse> uses) => inner.AddUses(uses);

        public override bool IsImageOf(Value other, Func<Field, Field> image) =>
            other is Wrapped wrapped && wrapped.Range == Range && Inner.IsImageOf(wrapped.Inner, image);

        private Value Inner => inner;

        private (int, int) Range => (low, high);
    }

    private sealed class Scaled(Scaling scaling, Value inner, int by) : Value
    {
        public override int Of(int[] fields) =>
            scaling switch
            {
                Scaling.Times => inner.Of(fields) * by,
                Scaling.Over => inner.Of(fields) / by,
                _ => inner.Of(fields) % by,
            };

        public override T Form<T>(IValueForm<T> form) => form.Scale(scaling, inner.Form(form), by);

        public override void AddFields(ISet<Field> fields) => inner.AddFields(fields);

        public override void AddUses(ICollection<FieldUse> uses) => inner.AddUses(uses);

        public override bool IsImageOf(Value other, Func<Field, Field> image) =>
            other is Scaled scaled && scaled.What == What && Inner.IsImageOf(scaled.Inner, image);

        private Value Inner => inner;

        private (Scaling, int) What => (scaling, by);
    }

    private sealed class Conditional(Value test, Value then, Value otherwise) : Value
    {
        public override int Of(int[] fields) => test.Of(fields) != 0 ? then.Of(fields) : otherwise.Of(fields);

        public override T Form<T>(IValueForm<T> form) =>
            form.If(test.Form(form), then.Form(form), otherwise.Form(form));

        public override void AddFields(ISet<Field> fields)
        {
            test.AddFields(fields);
            then.AddFields(fields);
            otherwise.AddFields(fields);
        }

        public override IEnumerable<Value> Results => then.Results.Concat(otherwise.Results);

        public override void AddUses(ICollection<FieldUse> uses)
        {
            test.AddUses(uses);
            then.AddUses(uses);
            otherwise.AddUses(uses);
        }

        public override bool IsImageOf(Value other, Func<Field, Field> image) =>
            other is Conditional conditional
            && Parts.Zip(conditional.Parts).All(p => p.First.IsImageOf(p.Second, image));

        private Value[] Parts => [test, then, otherwise];
    }

    private sealed class Operation(BinaryOperator operation, Value a, Value b) : Value
    {
        public override int Of(int[] fields) => Apply(operation, a.Of(fields), b.Of(fields));

        public override T Form<T>(IValueForm<T> form) => form.Operate(operation, a.Form(form), b.Form(form));

        public override void AddFields(ISet<Field> fields)
        {
            a.AddFields(fields);
            b.AddFields(fields);
        }

        public override void AddUses(ICollection<FieldUse> uses)
        {
            if (operation == BinaryOperator.In && a.IsConstant(out var member) && b is Read set)
            {
                uses.Add(new FieldUse(set.Field, 1 << member));
                return;
            }

            a.AddUses(uses);
            b.AddUses(uses);
        }

        // The CPU that is asked for is a number, not a set.
        public override bool IsImageOf(Value other, Func<Field, Field> image) =>
            other is Operation o
            && o.Kind == operation
            && b.IsImageOf(o.Right, image)
            && (
                operation == BinaryOperator.In && a.IsConstant(out var member) && o.Left.IsConstant(out var its)
                    ? its == (member is 1 or 2 ? 3 - member : member)
                    : a.IsImageOf(o.Left, image)
            );

        private BinaryOperator Kind => operation;

        private Value Left => a;

        private Value Right => b;

        public static int Apply(BinaryOperator operation, int a, int b) =>
            operation switch
            {
                BinaryOperator.Or => a != 0 || b != 0 ? 1 : 0,
                BinaryOperator.And => a != 0 && b != 0 ? 1 : 0,
                BinaryOperator.Equal => a == b ? 1 : 0,
                BinaryOperator.NotEqual => a != b ? 1 : 0,
                BinaryOperator.Less => a < b ? 1 : 0,
                BinaryOperator.LessOrEqual => a <= b ? 1 : 0,
                BinaryOperator.Greater => a > b ? 1 : 0,
                BinaryOperator.GreaterOrEqual => a >= b ? 1 : 0,
                BinaryOperator.In => b >> a & 1,
                BinaryOperator.Plus => a + b,
                BinaryOperator.Minus => a - b,
                _ => throw new ArgumentOutOfRangeException(nameof(operation)),
            };
    }

    private sealed class SetOperation(bool add, Value set, Value other) : Value
    {
        public override int Of(int[] fields) =>
            add ? set.Of(fields) | other.Of(fields) : set.Of(fields) & ~other.Of(fields);

        public override T Form<T>(IValueForm<T> form) => form.Combine(add, set.Form(form), other.Form(form));

        public override void AddFields(ISet<Field> fields)
        {
            set.AddFields(fields);
            other.AddFields(fields);
        }

        public override void AddUses(ICollection<FieldUse> uses)
        {
            set.AddUses(uses);
            other.AddUses(uses);
        }

        public override bool IsUpdateOf(Field updated, out int members, out bool adds)
        {
            adds = add;
            return other.IsConstant(out members) && set is Read read && read.Field == updated;
        }

        public override bool IsImageOf(Value image, Func<Field, Field> of) =>
            image is SetOperation o && o.Adds == add && set.IsImageOf(o.Set, of) && other.IsImageOf(o.Other, of);

        private bool Adds => add;

        private Value Set => set;

        private Value Other => other;
    }
}
