using Lazykick.Checking.Exploration;
using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Machines;

/// <summary>The bits that say that a location is returned and stale on a CPU.</summary>
internal sealed class StaleText<T>
    where T : unmanaged, IPacked<T>
{
    private readonly Predicate<T>[] _classes;
    private readonly IReadOnlyList<string> _names;

    public StaleText(Layout layout, TextFields text, int cpu)
    {
        Cpu = cpu;
        _names = text.Declaration.Classes;
        _classes =
        [
            .. _names.Select(
                (_, i) =>
                    new Predicate<T>(
                        layout,
                        Value.Operate(
                            Schemes.Syntax.BinaryOperator.Equal,
                            new Value.Read(text.Class),
                            new Value.Constant(i)
                        )
                    )
            ),
        ];
        var words = new ulong[layout.Words];
        words[text.Stale[cpu].Word] |= text.Stale[cpu].Mask;
        words[text.Returned.Word] |= text.Returned.Mask;
        Mask = T.From(words);
        CanBe = text.Stale[cpu].High > 0 && text.Returned.High > 0;
    }

    public int Cpu { get; }

    public T Mask { get; }

    /// <summary>False if no move makes the location stale here, or returned: then there are no such bits.</summary>
    public bool CanBe { get; }

    /// <summary>True if the location may lie in text within these sections, innermost first (M18).</summary>
    public bool IsOf(in T state, IReadOnlyList<string> sections)
    {
        if (_classes.Length == 0)
            return true;
        foreach (var section in sections)
        {
            for (var i = 0; i < _names.Count; i++)
            {
                if (_names[i] == section)
                    return _classes[i].Holds(state);
            }
        }

        return _classes[0].Holds(state);
    }
}
