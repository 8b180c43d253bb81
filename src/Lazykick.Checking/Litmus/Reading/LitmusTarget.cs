namespace Lazykick.Checking.Litmus.Reading;

/// <summary>What an initial value sets and a condition reads: a register of a thread, or a location.</summary>
/// <param name="Cpu">The thread of a register, or -1 for a location.</param>
/// <param name="Name">The register or location.</param>
/// <param name="Position">Where it is written.</param>
public sealed record LitmusTarget(int Cpu, string Name, LitmusPosition Position)
{
    /// <summary>It is a register.</summary>
    public bool IsRegister => Cpu >= 0;

    /// <summary>As herd shows it: <c>0:X1</c>, <c>[x]</c>, and <c>x[1]</c> for an element of an array.</summary>
    public override string ToString() =>
        IsRegister ? $"{Cpu}:{Name}"
        : Name.EndsWith(']') ? Name
        : $"[{Name}]";
}
