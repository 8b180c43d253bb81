namespace Lazykick.Auditing.Code;

/// <summary>An instruction of either machine.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Flow">Where control goes.</param>
/// <param name="Target">Its target, where <paramref name="Flow"/> has one.</param>
/// <param name="Effects">What it does.</param>
/// <param name="Word">arm64: the instruction itself. x86: the address that it names in an operand, or 0.</param>
public readonly record struct Insn(ulong Address, int Length, FlowKind Flow, ulong Target, Effects Effects, ulong Word)
{
    /// <summary>The address of the next.</summary>
    public ulong Next => Address + (ulong)Length;

    /// <summary>Does it do this?</summary>
    public bool Has(Effects effect) => (Effects & effect) != Effects.None;
}
