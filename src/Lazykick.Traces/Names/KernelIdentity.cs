namespace Lazykick.Traces.Names;

/// <summary>
/// What uname says, in its long form (<c>Linux host 6.12.1 #1 SMP ... x86_64 GNU/Linux</c>) or its short one (<c>Linux
/// 6.18.44 x86_64</c>).
/// </summary>
internal static class KernelIdentity
{
    private static readonly string[] _machines =
    [
        "x86_64",
        "aarch64",
        "riscv64",
        "loongarch64",
        "ppc64le",
        "s390x",
        "armv7l",
        "i686",
    ];

    public static (string? Release, string? Machine) Parse(string uname)
    {
        var words = uname.Split([' ', '\n', '\t', '\0'], StringSplitOptions.RemoveEmptyEntries);
        var release = Array.Find(
            words,
            static word => char.IsAsciiDigit(word[0]) && word.Contains('.', StringComparison.Ordinal)
        );
        var machine = Array.FindLast(words, static word => Array.IndexOf(_machines, word) >= 0);
        return (release, machine);
    }
}
