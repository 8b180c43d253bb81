using Lazykick.Schemes.Syntax;

namespace Lazykick.Schemes.Linting;

/// <summary>The words of the ways in and out of the kernel, and of what synchronises, by architecture (M11).</summary>
internal static class EntryWords
{
    private static readonly Dictionary<string, string[]> s_words = new(StringComparer.Ordinal)
    {
        ["arm64"] = ["exception", "eret", "isb"],
        ["x86_64"] = ["x86_exception", "iret", "sysret", "serialize"],
        ["riscv64"] = ["trap", "sret", "mret", "fence_i"],
        ["loongarch64"] = ["trap", "ertn", "ibar"],
    };

    private static readonly string[] s_all = [.. s_words.Values.SelectMany(w => w).Distinct()];

    /// <summary>The words of an architecture; none for one whose own words the language has not.</summary>
    public static IReadOnlyList<string> Of(string architecture) => s_words.GetValueOrDefault(architecture) ?? [];

    /// <summary>An exception is no context synchronisation event there.</summary>
    public static bool EntersWithoutSynchronising(string architecture) =>
        architecture is "x86_64" or "riscv64" or "loongarch64";

    /// <summary>The word of a step that belongs to other architectures only, or null.</summary>
    public static string? Foreign(SyncStep step, string architecture)
    {
        var own = Of(architecture);
        var word = step.Span.Text;
        return own.Count > 0 && s_all.Contains(word) && !own.Contains(word) ? word : null;
    }
}
