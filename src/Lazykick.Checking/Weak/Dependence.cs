using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Weak;

/// <summary>What a value hangs on.</summary>
/// <param name="Variables">Variables of the CPU, as bits.</param>
/// <param name="Read">What the step itself reads.</param>
internal readonly record struct Dependence(ulong Variables, bool Read)
{
    public bool IsNone => Variables == 0 && !Read;

    public static Dependence operator |(Dependence a, Dependence b) => new(a.Variables | b.Variables, a.Read || b.Read);

    /// <summary>How far the value is known.</summary>
    /// <param name="unknown">Variables that hang on a read that has not taken place.</param>
    /// <param name="speculative">Variables that hang on a prediction only.</param>
    /// <param name="read">How far the value read is known.</param>
    public Knowledge Level(ulong unknown, ulong speculative, Knowledge read)
    {
        var own = Read ? read : Knowledge.Final;
        return (Variables & unknown) != 0 || own == Knowledge.Unknown ? Knowledge.Unknown
            : (Variables & speculative) != 0 ? Knowledge.Speculative
            : own;
    }
}
