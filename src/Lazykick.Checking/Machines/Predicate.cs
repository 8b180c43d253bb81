using Lazykick.Checking.Exploration;
using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Machines;

/// <summary>A condition over a state, as a table.</summary>
internal sealed class Predicate<T>(Layout layout, Value value) : Table<T>(layout, Inputs(value))
    where T : unmanaged, IPacked<T>
{
    public bool Holds(in T state) => Lookup(state) == 2;

    protected override int Compute(int[] fields) => value.Of(fields) != 0 ? 2 : 1;

    private static HashSet<Field> Inputs(Value value)
    {
        var fields = new HashSet<Field>();
        value.AddFields(fields);
        return fields;
    }
}
