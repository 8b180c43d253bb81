namespace Lazykick.Schemes.Syntax;

/// <summary>Words of C, of assembly and of the kernel, and the step that says the same here.</summary>
internal static class ForeignWords
{
    private const string Return = "an exception ends with eret (x86: iret, sysret); other paths end with their block";
    private const string Barrier = "a full barrier is smp_mb";
    private const string Ordered = "loads are in order on x86, and stores: smp_rmb and smp_wmb say where that counts";
    private const string Masking = "interrupts are masked by 'mask I', and let in again by 'unmask I'";

    private static readonly Dictionary<string, string> s_steps = new(StringComparer.Ordinal)
    {
        ["if"] = "a test is written 'when CONDITION: STEPS', or 'STEP when CONDITION'",
        ["unless"] = "a test is written 'when not CONDITION: STEPS', or 'STEP when not CONDITION'",
        ["elif"] = "write 'else:', and a 'when' within it",
        ["while"] = "to spin until something holds: wait CONDITION; other loops: repeat: with break",
        ["until"] = "to spin until something holds: wait CONDITION",
        ["loop"] = "a loop is written 'repeat:', and is left by 'break'",
        ["do"] = "a loop is written 'repeat:', and is left by 'break'",
        ["spin"] = "to spin until something holds: wait CONDITION",
        ["return"] = Return,
        ["goto"] = "there is no jump: repeat: with break, or a routine",
        ["iretq"] = "write 'iret'",
        ["sysretq"] = "write 'sysret'",
        ["mfence"] = Barrier,
        ["mb"] = "mb() is dsb on arm64, and smp_mb on x86",
        ["barrier"] = "barrier() binds the compiler only: leave it out; a full barrier is smp_mb",
        ["fence"] = Barrier,
        ["dmb"] = "dmb ish is smp_mb, dmb ishld is smp_rmb, dmb ishst is smp_wmb",
        ["rmb"] = "rmb() is a dsb on arm64; what orders loads among CPUs only is smp_rmb",
        ["lfence"] = Ordered,
        ["wmb"] = "wmb() is a dsb on arm64; what orders stores among CPUs only is smp_wmb",
        ["sfence"] = Ordered,
        ["cpuid"] = "an instruction that serialises is written 'serialize'",
        ["xchg"] = "an atomic is written 'rmw old := x := VALUE full'",
        ["atomic"] = "an atomic is written 'rmw x := VALUE full'",
        ["cmpxchg"] = "write 'cas ok := x : OLD -> NEW full'",
        ["load"] = "a load is written 'register := x', with a private register",
        ["store"] = "a store is written 'x := VALUE'",
        ["read"] = "a load is written 'register := x', with a private register",
        ["cli"] = Masking,
        ["sti"] = Masking,
        ["local_irq_disable"] = Masking,
        ["local_irq_enable"] = Masking,
        ["hlt"] = "a CPU that halts until an interrupt is pending is written 'wfi'",
        ["sleep"] = "write 'wfi', or let the path end at a place where the CPU sleeps",
        ["spin_lock"] = "write 'lock L'",
        ["spin_lock_irqsave"] = "write 'lock L irqsave'",
        ["spin_unlock"] = "write 'unlock L'",
        ["spin_unlock_irqrestore"] = "write 'unlock L'",
        ["invlpg"] = "an invalidation on this CPU is written 'flush MAPPING'",
        ["ipi"] = "an interrupt is sent by 'send MESSAGE to t'",
        ["nop"] = "leave it out; code that matters to nobody is 'step NAME'",
    };

    /// <summary>What to write in place of a word, or null.</summary>
    public static string? Step(string word) => s_steps.GetValueOrDefault(word);
}
