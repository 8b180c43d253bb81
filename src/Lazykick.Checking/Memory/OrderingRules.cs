namespace Lazykick.Checking.Memory;

/// <summary>
/// The numbered rules behind <see cref="Ordering"/> and <see cref="Window"/>: statement, source, and the test that
/// shows each.
/// </summary>
public static class OrderingRules
{
    internal const int A1 = 1,
        A2 = 2,
        A3 = 3,
        A4 = 4,
        A5 = 5,
        A6 = 6,
        A7 = 7,
        A8 = 8,
        A9 = 9,
        A10 = 10,
        A11 = 11,
        A12 = 12;
    internal const int A13 = 13,
        A14 = 14,
        A15 = 15,
        A16 = 16,
        A17 = 17,
        A18 = 18,
        A19 = 19,
        A20 = 20,
        A21 = 21;
    internal const int T1 = 22,
        T2 = 23,
        T3 = 24,
        T4 = 25,
        T5 = 26,
        S1 = 27;

    // Read at commit 5feffe4e of herdtools7, August 2026; DDI0487 B2.3 has the same relations in words.
    private const string Cat = "Arm's formal model, aarch64hwreqs.cat";
    private const string Model = "Arm's formal model, aarch64.cat";
    private const string Popl = "Pulte et al., POPL 2018, section 3";
    private const string Fetch =
        "Arm's formal model, aarch64.cat, Instr-obs and IC-ob; Simner et al., ESOP 2020, section 4";
    private const string Sewell = "Owens, Sarkar, Sewell, TPHOLs 2009, section 3; x86tso.cat";
    private const string Serializing = "Intel SDM vol. 3A, Serializing Instructions (9.3 since 2022, 8.3 before)";

    /// <summary>
    /// All rules; the index of a rule is what <see cref="Ordering.Blocks"/> returns, and index 0 is no rule.
    /// </summary>
    public static IReadOnlyList<OrderingRule> All { get; } =
    [
        new("-", "nothing stands in the way", "", ""),
        new(
            "A1",
            "DMB SY: accesses and cleans after it wait for accesses and cleans before it",
            Cat + ", bob",
            "SB+dmbs"
        ),
        new(
            "A2",
            "DMB LD: accesses after it wait for reads before it, those of atomics that return nothing excepted",
            Cat + ", bob",
            "MP+dmb+dmb.ld"
        ),
        new("A3", "DMB ST: writes after it wait for writes before it", Cat + ", bob", "MP+dmb.st+addr"),
        new(
            "A4",
            "DSB SY: everything after it but fetches waits for every access, clean and invalidation before it",
            Cat + ", DSB-ob",
            "SB.RF+dsb-isb"
        ),
        new(
            "A5",
            "DSB LD and DSB ST: everything after them but fetches waits for the reads, or writes, before",
            Cat + ", DSB-ob",
            "MP+dsb.st+dsb.ld"
        ),
        new("A6", "an acquire is satisfied before any younger access", Cat + ", bob ([A | Q]; po)", "MP+rel+acq"),
        new("A7", "a release becomes visible after every older access", Cat + ", bob (po; [L])", "MP+rel+addr"),
        new("A8", "an acquire (LDAR, not LDAPR) waits for older releases", Cat + ", bob ([L]; po; [A])", "SB+rel-acqs"),
        new(
            "A9",
            "after an LSE atomic with acquire and release, accesses wait for its write too",
            Cat + ", bob ([A]; amo; [L])",
            "SB+swpals"
        ),
        new(
            "A10",
            "writes, cleans and invalidations wait for older branches; reads and fetches do not",
            Cat + ", dob and pob (ctrl)",
            "LB+ctrls"
        ),
        new(
            "A11",
            "a write waits until the addresses of all older accesses are settled",
            Cat + ", dob and pob (addr; po)",
            "LB+addr-po+dmb"
        ),
        new("A12", "a write waits for older accesses of its location", Cat + ", lmws", "CoRW"),
        new(
            "A13",
            "a read takes the value of the youngest older write to its location that is not yet visible; it may guess "
                + "that writes of unknown address are elsewhere, and is void if they are not",
            Popl,
            "CoWR+addr-unknown"
        ),
        new(
            "A14",
            "a clean and accesses or cleans of its line keep their order, reads after it included",
            Cat + ", po-scl-ob",
            "SM+dc-dsb-ic-dsb-isb"
        ),
        new(
            "A15",
            "context synchronisation waits for older branches, for the reads that feed older addresses and for "
                + "barriers of the DSB kind; not for other reads or writes",
            Cat + ", IFB-ob",
            "MP+dmb+ctrlisb"
        ),
        new(
            "A16",
            "a step waits for its own address and data; a conditional selection may be predicted for reads only, and "
                + "no write that an acquire or DMB LD orders after such a read goes ahead of it",
            Cat + ", pob",
            "MP+dmb+csel"
        ),
        new(
            "A17",
            "between the read and the write of an atomic, and of a load-exclusive with its successful store-exclusive, "
                + "no other CPU writes the location",
            Model + ", atomic",
            "ADD+lse"
        ),
        new(
            "A18",
            "an acquire takes the value of its CPU's own pending atomic write only once the atomic has read",
            Cat + ", aob (rmw; lmrs; [A | Q]), as of February 2022",
            "MP+rel+swp-acq"
        ),
        new(
            "A19",
            "two reads of one location: if the younger was satisfied first and the location was overwritten since, the "
                + "older can no longer be satisfied",
            Model + ", Exp-haz-ob",
            "CoRR"
        ),
        new(
            "A20",
            "an invalidation waits for barriers of the DSB kind, older branches and its address only",
            Cat + ", DSB-ob and dob",
            "SM+dc-dmb-ic"
        ),
        new(
            "A21",
            "a fetch returns a version from this CPU's floor for the location up to the newest; fetches of one CPU "
                + "happen in order",
            Fetch,
            "CoFF"
        ),
        new("T1", "reads are satisfied in program order", Sewell, "MP-x86"),
        new("T2", "writes become visible in program order and after older reads", Sewell, "S-x86"),
        new(
            "T3",
            "MFENCE (and a full DMB or DSB) waits for older writes, reads wait for it; DMB LD and DMB ST add nothing",
            Sewell,
            "SB+mfences"
        ),
        new("T4", "a locked operation waits for all older ones, is one step, and is waited for", Sewell, "SB+xchgs"),
        new("T5", "a serialising instruction waits for everything older", Serializing, "SB.RF+isb"),
        new("S1", "every step waits for everything older", "Lamport 1979", "SB"),
    ];
}
