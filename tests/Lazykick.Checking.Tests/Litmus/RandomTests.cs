using Lazykick.Checking.Memory;
using Lazykick.Checking.Tests.Axiomatic;

namespace Lazykick.Checking.Tests.Litmus;

/// <summary>Tests of our own generators, by kind and seed.</summary>
internal static class RandomTests
{
    internal static string Write(string kind, int seed, string name) =>
        kind switch
        {
            "data" => LitmusWriter.Arm(new RandomProgram(10_000_000 + seed, arm: true), name),
            "x86" => LitmusWriter.X86(WithoutAdd(new RandomProgram(11_000_000 + seed, arm: false)), name),
            "text" => LitmusWriter.Arm(new RandomTextProgram(12_000_000 + seed), name),
            "text-idc" => LitmusWriter.Arm(new RandomTextProgram(13_000_000 + seed), name, CacheType.Idc),
            "text-dic" => LitmusWriter.Arm(new RandomTextProgram(14_000_000 + seed), name, CacheType.Dic),
            "exceptions" => LitmusWriter.Arm(new RandomExceptionProgram(15_000_000 + seed), name),
            _ => throw new ArgumentException($"no kind '{kind}'", nameof(kind)),
        };

    // herd7 does not read xadd.
    private static StraightProgram WithoutAdd(StraightProgram program) =>
        new(
            program.Locations,
            [
                .. program.Threads.Select(t =>
                    t.Select(o => o.Kind == OpKind.Add ? o with { Kind = OpKind.Swap } : o).ToList()
                ),
            ]
        );
}
