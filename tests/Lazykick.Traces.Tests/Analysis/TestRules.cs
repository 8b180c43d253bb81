using Lazykick.Traces.Pricing;
using Lazykick.Traces.States;

namespace Lazykick.Traces.Tests.Analysis;

/// <summary>Policies of the kind that schemes have.</summary>
internal static class TestRules
{
    public static SkipRule Eqs { get; } =
        new(
            "eqs",
            ["kick_all_cpus_sync", "text_poke_sync"],
            static state => state is CpuState.UserEqs or CpuState.Idle
        );

    public static SkipRule UserEqs { get; } =
        new("user-eqs", ["text_poke_sync", "flush_tlb_kernel_range"], static state => state == CpuState.UserEqs);

    public static SkipRule AnyUser { get; } =
        new(
            "any-user",
            ["kick_all_cpus_sync", "text_poke_sync", "flush_tlb_kernel_range"],
            static state => state is CpuState.UserEqs or CpuState.User
        );

    public static IReadOnlyList<SkipRule> All { get; } = [Eqs, UserEqs, AnyUser];
}
