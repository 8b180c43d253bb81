using System.Text.RegularExpressions;

namespace Lazykick.Checking.Tests.Litmus;

/// <summary>What a generated test has in it: the families that counts are given by. A test may have several.</summary>
internal static partial class TestFeatures
{
    internal static readonly IReadOnlyList<string> All =
    [
        "plain data",
        "RMW",
        "acquire/release",
        "dependencies",
        "barriers",
        "ifetch",
        "exceptions",
        "x86",
    ];

    internal static IReadOnlyList<string> Of(string text)
    {
        var features = new List<string>();
        if (Rmw().IsMatch(text))
            features.Add("RMW");
        if (text.StartsWith("X86", StringComparison.Ordinal))
        {
            features.Add("x86");
            return features;
        }

        if (Ordered().IsMatch(text))
            features.Add("acquire/release");
        if (Dependent().IsMatch(text))
            features.Add("dependencies");
        if (Barrier().IsMatch(text))
            features.Add("barriers");
        if (Herd.ChangesText(text))
            features.Add("ifetch");
        if (text.Contains("SVC", StringComparison.Ordinal))
            features.Add("exceptions");
        if (features.Count == 0)
            features.Add("plain data");
        return features;
    }

    [GeneratedRegex("SWP|CAS|LDADD|STADD|LDXR|LDAXR|STXR|xchg|lock", RegexOptions.None, 1000)]
    private static partial Regex Rmw();

    [GeneratedRegex(
        "LDAR|LDAPR|LDAXR|STLR|STLXR|(SWP|CAS|LDADD)(A|L|AL) |STADDL",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Ordered();

    // An address or a value made of what was read, a branch on it.
    [GeneratedRegex(@"EOR|AND|CBN?Z|ADD W10,W\d", RegexOptions.None, 1000)]
    private static partial Regex Dependent();

    [GeneratedRegex("DMB|DSB|ISB", RegexOptions.None, 1000)]
    private static partial Regex Barrier();
}
