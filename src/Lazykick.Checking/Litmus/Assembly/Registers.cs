using Lazykick.Checking.Litmus.Reading;

namespace Lazykick.Checking.Litmus.Assembly;

/// <summary>Register numbers of both architectures.</summary>
internal static class Registers
{
    internal const int None = -1,
        Link = 30,
        Zero = 31,
        Flags = 32,
        ExceptionLink = 33,
        Count = 34;

    private static readonly string[] _x86 =
    [
        "RAX",
        "RBX",
        "RCX",
        "RDX",
        "RSI",
        "RDI",
        "RBP",
        "RSP",
        "R8",
        "R9",
        "R10",
        "R11",
        "R12",
        "R13",
        "R14",
        "R15",
    ];

    /// <summary>The number of a register and whether the name means 64 bits; false where it is no register.</summary>
    internal static bool TryParse(LitmusArchitecture architecture, string name, out int register, out bool wide) =>
        architecture == LitmusArchitecture.AArch64
            ? TryArm(name, out register, out wide)
            : TryX86(name, out register, out wide);

    private static bool TryArm(string name, out int register, out bool wide)
    {
        register = None;
        wide = name.Length > 0 && name[0] is 'X' or 'x';
        if (name.Length < 2 || name[0] is not ('X' or 'x' or 'W' or 'w'))
            return false;
        if (name[1..].Equals("ZR", StringComparison.OrdinalIgnoreCase))
        {
            register = Zero;
            return true;
        }

        if (
            name.Length > 3
            || (name.Length == 3 && name[1] == '0')
            || !int.TryParse(name.AsSpan(1), out var number)
            || number is < 0 or > 30
        )
        {
            return false;
        }

        register = number;
        return true;
    }

    private static bool TryX86(string name, out int register, out bool wide)
    {
        var upper = name.TrimStart('%').ToUpperInvariant();
        wide = upper.StartsWith('R');
        if (upper.Length > 2 && upper[0] == 'R' && char.IsDigit(upper[1]) && upper[^1] == 'D')
        {
            wide = false;
            upper = upper[..^1];
        }

        register = Array.IndexOf(_x86, upper);
        if (register < 0 && upper.Length == 3 && upper[0] == 'E')
            register = Array.IndexOf(_x86, "R" + upper[1..]);
        return register >= 0;
    }
}
