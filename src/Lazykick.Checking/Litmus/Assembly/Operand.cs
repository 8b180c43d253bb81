namespace Lazykick.Checking.Litmus.Assembly;

/// <summary>A register, a number, or an address that compiling turns into a number.</summary>
/// <param name="Register">The register, or <see cref="Registers.None"/>.</param>
/// <param name="Number">The number where there is no register.</param>
/// <param name="Symbol">A location or label whose address is added, or null.</param>
internal readonly record struct Operand(int Register, long Number, string? Symbol)
{
    internal static readonly Operand Zero = Of(0);

    internal bool IsRegister => Register != Registers.None;

    internal static Operand Of(long number) => new(Registers.None, number, null);

    internal static Operand Reg(int register) => register == Registers.Zero ? Zero : new(register, 0, null);

    internal static Operand Address(string symbol) => new(Registers.None, 0, symbol);
}
