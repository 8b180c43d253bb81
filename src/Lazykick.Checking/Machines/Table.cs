using System.Numerics;
using System.Runtime.CompilerServices;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Machines;

/// <summary>
/// A function of a few fields of a state, as a table: the bits of these fields, moved together, are the index. Entries
/// are computed when they are first needed, so that only values that occur cost anything.
/// </summary>
internal abstract class Table<T>
    where T : unmanaged, IPacked<T>
{
    private const int MaxDirectBits = 16;

    private readonly Layout _layout;
    private readonly List<Field> _inputs;
    private readonly int[]? _direct;
    private readonly Dictionary<ulong, int>? _sparse;
    private readonly int[] _values;
    private readonly ulong[] _words;
    private readonly T _mask;

    protected Table(Layout layout, IEnumerable<Field> inputs)
    {
        _layout = layout;
        _inputs = [.. inputs.OrderBy(f => f.Id)];
        _values = new int[layout.Fields.Count];
        _words = new ulong[layout.Words];
        foreach (var field in _inputs)
            _words[field.Word] |= field.Mask;
        _mask = T.From(_words);
        var bits = _words.Sum(w => BitOperations.PopCount(w));
        if (bits > 64)
            throw new NotSupportedException($"a step depends on {bits} bits of the state");
        if (bits <= MaxDirectBits)
            _direct = new int[1 << bits];
        else
            _sparse = [];
    }

    /// <summary>The entry for a state.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected int Lookup(in T state)
    {
        var key = T.Extract(state, _mask);
        if (_direct is not null)
        {
            ref var entry = ref _direct[key];
            return entry != 0 ? entry : entry = Fill(state);
        }

        return LookUpSparse(key, state);
    }

    private int LookUpSparse(ulong key, in T state) =>
        _sparse!.TryGetValue(key, out var sparse) ? sparse : _sparse[key] = Fill(state);

    /// <summary>Computes an entry from the values of all input fields; must not be 0.</summary>
    protected abstract int Compute(int[] fields);

    protected Layout Layout => _layout;

    private int Fill(in T state)
    {
        state.CopyTo(_words);
        foreach (var field in _layout.Fields)
            _values[field.Id] = field.Low;
        foreach (var field in _inputs)
            _values[field.Id] = field.Read(_words);
        return Compute(_values);
    }
}
