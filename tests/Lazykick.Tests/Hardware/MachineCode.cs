using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Lazykick.Tests.Hardware;

/// <summary>What a listing of the JIT has to contain, for each primitive and architecture.</summary>
internal static class MachineCode
{
    // Without LSE the JIT makes a loop of exclusive accesses, and a barrier after it.
    private const string ArmExclusive = @"(?s:ldaxr.*stlxr.*dmb\s+ish)";
    private const string ArmLoadAcquire = @"\bldar\b|\bldapr\b|\bldapur\b|\bdmb\s+ishld\b";
    private const string ArmStoreRelease = @"\bstlr\b|\bstlur\b|\bdmb\s+ish\b";

    // The JIT for arm64 calls through a register and does not name the callee: that there is a call is all to be seen.
    private const string ArmCall = @"\bblr\b|MemoryBarrierProcessWide|ProcessWideBarrier:";
    private const string LockedCompareExchange = @"\block\b\s+cmpxchg\b";

    private static readonly Dictionary<(Architecture, string), string> Needed = new()
    {
        [(Architecture.X64, "ProbeExchange")] = @"\bxchg\b",
        [(Architecture.X64, "ProbeAdd")] = @"\block\b",
        [(Architecture.X64, "ProbeCompareExchange")] = LockedCompareExchange,
        [(Architecture.X64, "TakePlace")] = LockedCompareExchange,
        [(Architecture.X64, "ProbeLoadEntry")] = @"\bmov\b",
        [(Architecture.X64, "ProbeStoreEntry")] = @"\bmov\b",
        [(Architecture.X64, "ProbeLoadWord")] = @"\bmov\b",
        [(Architecture.X64, "ProbeStoreWord")] = @"\bmov\b",
        [(Architecture.X64, "ProbeFence")] = @"\block\b|\bmfence\b",
        [(Architecture.X64, "ProbeProcessWide")] = @"MemoryBarrierProcessWide|ProcessWideBarrier:",
        [(Architecture.X64, "Execute")] = @"\bcall\b.*Interlocked:_?MemoryBarrierProcessWide",
        [(Architecture.X64, "ProbeStore")] = @"\bmov\b",
        [(Architecture.X64, "ProbeLoad")] = @"\bmov\b",
        [(Architecture.X64, "ProbePublish")] = @"\bmov\b|CORINFO_HELP_ASSIGN_REF|CORINFO_HELP_CHECKED_ASSIGN_REF",
        [(Architecture.X64, "LeaveEqs")] = @"\bxchg\b",
        [(Architecture.X64, "Kick")] = @"(?s:(\block\b|\bmfence\b).*(MemoryBarrierProcessWide|ProcessWideBarrier:))",
        [(Architecture.Arm64, "ProbeExchange")] = @"\bswpal\b|" + ArmExclusive,
        [(Architecture.Arm64, "ProbeAdd")] = @"\bldaddal\b|" + ArmExclusive,
        [(Architecture.Arm64, "ProbeCompareExchange")] = @"\bcasal\b|" + ArmExclusive,
        [(Architecture.Arm64, "TakePlace")] = @"\bcasal\b|" + ArmExclusive,
        [(Architecture.Arm64, "ProbeLoadEntry")] = ArmLoadAcquire,
        [(Architecture.Arm64, "ProbeStoreEntry")] = ArmStoreRelease,
        [(Architecture.Arm64, "ProbeLoadWord")] = ArmLoadAcquire,
        [(Architecture.Arm64, "ProbeStoreWord")] = ArmStoreRelease,
        [(Architecture.Arm64, "ProbeFence")] = @"\bdmb\s+ish\b",
        [(Architecture.Arm64, "ProbeProcessWide")] = ArmCall,
        [(Architecture.Arm64, "Execute")] = ArmCall,
        [(Architecture.Arm64, "ProbeStore")] = ArmStoreRelease,
        [(Architecture.Arm64, "ProbeLoad")] = ArmLoadAcquire,
        [(Architecture.Arm64, "ProbePublish")] =
            ArmStoreRelease + "|CORINFO_HELP_ASSIGN_REF|CORINFO_HELP_CHECKED_ASSIGN_REF",
        [(Architecture.Arm64, "LeaveEqs")] = @"\bswpal\b|" + ArmExclusive,
        [(Architecture.Arm64, "Kick")] = @"(?s:\bdmb\s+ish\b.*(" + ArmCall + "))",
    };

    /// <summary>The methods that the JIT has to list.</summary>
    public static string Methods => string.Join(' ', Needed.Keys.Select(static key => key.Item2).Distinct());

    public static IEnumerable<string> Of(Architecture architecture) =>
        Needed.Keys.Where(key => key.Item1 == architecture).Select(static key => key.Item2);

    /// <summary>
    /// What is wrong with a listing: a line each; nothing if every primitive is the instruction that it has to be.
    /// </summary>
    public static List<string> Check(string listing, Architecture architecture)
    {
        List<string> wrong = [];
        foreach (var method in Of(architecture))
        {
            string[] bodies = [.. Bodies(listing, method)];
            if (bodies.Length == 0)
            {
                wrong.Add($"{method}: not in the listing");
            }

            foreach (var body in bodies)
            {
                if (!Matches(body, Needed[(architecture, method)]))
                {
                    wrong.Add($"{method}: no {Needed[(architecture, method)]} in\n{body}");
                }
            }
        }

        return wrong;
    }

    // "; Assembly listing for method Namespace.Type:Method(...)", then the code up to the next such line.
    private static IEnumerable<string> Bodies(string listing, string method) =>
        listing
            .Split("; Assembly listing for method ")
            .Skip(1)
            .Where(part =>
                Matches(part.Split('\n')[0], $@":{method}\W")
                && part.Split('\n')[0].Contains("Lazykick", StringComparison.Ordinal)
            )
            .Where(static part =>
                !part.Split('\n')[0].Contains("RcuDomain:", StringComparison.Ordinal)
                && !part.Split('\n')[0].Contains("Simulated", StringComparison.Ordinal)
            )
            .Select(static part =>
                string.Join('\n', part.Split('\n').Skip(1).Where(static line => !line.TrimStart().StartsWith(';')))
            );

    private static bool Matches(string text, string pattern) =>
        Regex.IsMatch(text, pattern, RegexOptions.None, TimeSpan.FromSeconds(10));
}
