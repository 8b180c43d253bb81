namespace Lazykick.Checking.Litmus.Reading;

/// <summary>The first word of a test: its architecture, or what else the file is.</summary>
internal static class LitmusTitle
{
    private static readonly string[] _foreign =
    [
        "ARM",
        "PPC",
        "RISCV",
        "MIPS",
        "LISA",
        "C",
        "BPF",
        "ASL",
        "Java",
        "LoongArch",
        "KVM",
    ];

    /// <summary>The architecture of a name; null where it is none that is modelled.</summary>
    internal static LitmusArchitecture? Architecture(string word) =>
        word switch
        {
            "AArch64" => LitmusArchitecture.AArch64,
            // The same model; X86 is herd's name for the 32-bit registers.
            "X86_64" or "X86" => LitmusArchitecture.X86,
            _ => null,
        };

    /// <summary>
    /// Says of a file in another language what it is. Asked before anything else of the file is read: comments and
    /// operators of other languages look like mistakes in this one.
    /// </summary>
    /// <exception cref="LitmusException">It is one of them.</exception>
    internal static void RejectForeign(string text)
    {
        var start = SkipBlankAndComments(text);
        var end = start;
        while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] == '_'))
            end++;
        var word = text[start..end];
        var line = 1 + text.AsSpan(0, start).Count('\n');
        var position = new LitmusPosition(line, start - text.LastIndexOf('\n', Math.Max(0, start - 1)));
        if (word == "C")
        {
            throw LitmusException.Unsupported(
                position,
                "a test in C (for the Linux kernel memory model); AArch64, X86_64 and X86 are read"
            );
        }

        if (_foreign.Contains(word, StringComparer.Ordinal))
            throw LitmusException.Unsupported(position, $"architecture {word} (AArch64, X86_64 and X86 are)");
        if (word == "arch" && text[end..].TrimStart().StartsWith('='))
            throw LitmusException.Unsupported(position, "a test in isla's TOML form; herd's form is read");
    }

    private static int SkipBlankAndComments(string text)
    {
        var at = 0;
        while (at < text.Length)
        {
            if (char.IsWhiteSpace(text[at]) || text[at] == '\ufeff')
            {
                at++;
                continue;
            }

            if (string.CompareOrdinal(text, at, "(*", 0, 2) != 0)
                return at;
            var close = text.IndexOf("*)", at + 2, StringComparison.Ordinal);
            if (close < 0)
                return at;
            at = close + 2;
        }

        return at;
    }
}
