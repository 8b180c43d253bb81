namespace Lazykick.Checking.Tests.Litmus;

/// <summary>
/// Lists of edges for diycross7: data, atomics, acquire and release, dependencies, text that changes, x86.
/// </summary>
internal static class DiyShapes
{
    // From a write to a write, a write to a read, and so on, each to another location. A and L are acquire and release,
    // Q LDAPR.
    private const string WriteWrite =
        "PodWW|PodWWPL|PodWWLP|PodWWLL|DMB.SYdWW|DMB.STdWW|DMB.LDdWW|DSB.STdWW|[Rfi DpDatadW]"
        + "|[Rfi DpAddrdW]|[Rfi DpCtrldW]|[Rfi PodRW]|[RfiPA PodRWAP]|[RfiPQ PodRWQP]|[PodWR Amo.Swp PodWW]"
        + "|[PodWR Amo.LdAddAL PodWW]|[PodWR Amo.SwpPL PodWW]|[PosWW PodWW]"
        + "|DSB.SYdWW|DSB.LDdWW|[PodWR DpAddrdW]|[PodWR DpDatadW]|[PodWR DpCtrldW]|[PodWR DMB.LDdRW]"
        + "|[PodWRPA PodRWAP]|[PodWRLA PodRWAP]|[PodWR Amo.LdAdd PodWW]|[PodWR Amo.Cas PodWW]|[RfiLA PodRWAP]"
        + "|[DMB.STdWW PodWW]|[PodWW DMB.STdWW]|[PodWWPL PodWWLP]";

    private const string WriteRead =
        "PodWR|PodWRLA|PodWRLQ|PodWRPA|PodWRLP|DMB.SYdWR|DMB.STdWR|DMB.LDdWR|DSB.SYdWR|DSB.LDdWR"
        + "|[Rfi PodRR]|[Rfi DpAddrdR]|[RfiPA PodRRAP]|[RfiPQ PodRRQP]|[RfiLA PodRRAP]|[RfiLQ PodRRQP]"
        + "|[PodWR Amo.Swp PodWR]|[PodWR Amo.LdAddAL PodWR]|[PodWR Amo.SwpAL PodWR]|[PosWR DpAddrdR]"
        + "|[PodWR Amo.Swp RfiPA PodRRAP]|[PodWR Amo.SwpPL RfiLQ PodRRQP]"
        + "|DSB.STdWR|[PodWW PodWR]|[PodWWPL PodWRLA]|[DMB.STdWW PodWR]|[PodWR DMB.LDdRR]|[PodWR DpAddrdR]"
        + "|[PodWR DpCtrlIsbdR]|[PodWRLA PodRRAP]|[PodWR Amo.LdAdd PodWR]|[PodWR Amo.SwpPL PodWR]"
        + "|[PodWR Amo.Cas PodWR]|[PodWR Amo.CasAL PodWR]";

    private const string ReadRead =
        "PodRR|PodRRAP|PodRRQP|PodRRPA|DpAddrdR|DpCtrldR|DpCtrlIsbdR|DMB.SYdRR|DMB.LDdRR|DMB.STdRR"
        + "|DSB.LDdRR|[DpDatadW Rfi PodRR]|[DpDatadW RfiPA PodRRAP]|[DpAddrdW Rfi PodRR]"
        + "|[DpCtrldW Rfi DpAddrdR]|[DpCtrldW RfiPQ PodRRQP]|[Amo.Swp PodWR]|[Amo.SwpAP PodWR]"
        + "|[Amo.LdAddAL PodWR]|[Amo.Swp Rfi PodRR]|[Amo.Swp RfiPA PodRRAP]|[Amo.SwpPL RfiLQ PodRRQP]"
        + "|[Amo.LdAdd RfiPA PodRRAP]|[Amo.StAdd Rfi PodRR]|[PosRR DpAddrdR]|[DpAddrdR PosRR]"
        + "|[DpAddrdR PodRR]|[DpDatadW Coi Rfi PodRR]|[Amo.Cas PodWR]"
        + "|[Amo.CasAL PodWR]|DSB.SYdRR|DSB.STdRR|[PodRR DpAddrdR]|[DpAddrdR DpAddrdR]|[DMB.LDdRR PodRR]"
        + "|[PodRW DMB.SYdWR]|[DpCtrldW DMB.SYdWR]|[PodRWAP RfiPA PodRRAP]|[PodRRAP PodRRPA]|[DpCtrldR DpAddrdR]";

    private const string ReadWrite =
        "PodRW|PodRWAP|PodRWQP|PodRWPL|DpAddrdW|DpDatadW|DpCtrldW|DMB.LDdRW|DMB.STdRW|DMB.SYdRW"
        + "|[DpAddrdR PodRW]|[DpDatadW Rfi DpDatadW]|[DpDatadW RfiPA PodRWAP]|[DpCtrldR PodRW]"
        + "|[DpCtrldW Rfi DpDatadW]|[Amo.Swp PodWW]|[Amo.SwpAP PodWW]|[Amo.SwpAL PodWW]"
        + "|[Amo.Swp Rfi DpDatadW]|[Amo.Swp RfiPA PodRWAP]|[Amo.LdAdd Rfi DpDatadW]|[Amo.Cas Rfi DpDatadW]"
        + "|[Amo.Cas PodWW]|[PosRW Rfi DpDatadW]|[PosRR DpDatadW]|DSB.SYdRW|DSB.LDdRW|DSB.STdRW|[PodRR DpDatadW]"
        + "|[PodRR DpCtrldW]|[DpAddrdR DpDatadW]|[DMB.LDdRR PodRW]|[PodRRAP PodRWAP]|DpCtrlIsbdW|[PodRW PodWW]"
        + "|[PodRW DMB.STdWW]|[DpDatadW PodWW]|[Amo.LdAdd PodWW]|[Amo.LdAddAL PodWW]";

    private const string FewWriteWrite = "PodWWPL|DMB.SYdWW|PodWW";

    private const string FewWriteRead = "PodWR|PodWRLA|DMB.SYdWR|[PodWR Amo.Swp RfiPA PodRRAP]";

    private const string FewMaintain = "PodWW|[PodWW DC.CVAUp DSB.ISH IC.IVAUp DSB.ISH]";

    private const string FewReadWrite = "DpDatadW|PodRW|PodRWAP|[Amo.Swp RfiPA PodRWAP]|DMB.SYdRW";

    private const string FewReadRead = "DpAddrdR|PodRR|PodRRAP|DMB.SYdRR|[Amo.Swp RfiPA PodRRAP]";

    // What the writer of text does after the write, and what the thread that runs the text does before.
    private const string Maintain =
        "[{0} DC.CVAUp DSB.ISH IC.IVAUp DSB.ISH]|[{0} DC.CVAUp DSB.ISH IC.IVAUp DMB.ISH]"
        + "|[{0} DC.CVAUp DMB.ISH IC.IVAUp DSB.ISH]|[{0} DSB.ISH IC.IVAUp DSB.ISH]|[{0} DC.CVAUp DSB.ISH]"
        + "|[{0} IC.IVAUp DSB.ISH]|[DMB.ISHd{1} DC.CVAUp DSB.ISH IC.IVAUp DSB.ISH]|{0}|DMB.ISHd{1}"
        + "|DSB.ISHd{1}";

    private const string ReadThenRun =
        "PodRRPI|[DpCtrldR ISBdRRPI]|DpAddrdRPI|ISBdRRPI|[DSB.ISHdRRPI ISB]|[DpCtrldRPI ISB]"
        + "|[DMB.ISHdRRPI ISB]|DSB.ISHdRRPI|[DpAddrdR ISBdRRPI]|[PodRRAP ISBdRRPI]|[Amo.LdAddAL ISBdWRPI]"
        + "|[Amo.LdAddAL DSB.ISHdWRPI ISB]";

    private const string WriteThenRun =
        "PodWRPI|ISBdWRPI|[DSB.ISHdWRPI ISB]|[DMB.ISHdWRPI ISB]|DSB.ISHdWRPI|DMB.ISHdWRPI"
        + "|[ISBdWRPI DSB.ISH]|[PodWR Amo.LdAddAL PodWRPI]|[PodWR Amo.LdAddAL ISBdWRPI]"
        + "|[PodWR Amo.LdAddAL DSB.ISHdWRPI ISB]|[PodWR Amo.LdAddAL DMB.ISHdWRPI ISB]"
        + "|[DMB.ISHdWR DpCtrldRPI ISB]|[PodWR DpCtrldRPI ISB]|[DSB.ISHdWR PodRRPI]"
        + "";

    private const string X86WriteRead =
        "PodWR|MFencedWR|[Rfi PodRR]|[PodWR Exch PodWR]|[PodWW PodWR]|[PodWR Exch Rfi PodRR]"
        + "|[PosWW PodWR]|[PosWR PodRR]";

    private const string X86WriteWrite = "PodWW|MFencedWW|[Rfi PodRW]|[PodWR Exch PodWW]|[PodWR PodRW]";

    private const string X86ReadRead = "PodRR|MFencedRR|[Exch PodWR]|[PodRW PodWR]|[PodRW Rfi PodRR]|[Exch Rfi PodRR]";

    private const string X86ReadWrite = "PodRW|MFencedRW|[Exch PodWW]|[PodRW Rfi PodRW]";

    private static readonly string[] s_text = ["-variant", "self"];

    internal static IReadOnlyList<DiyShape> All { get; } =
    [
        new("MP", "AArch64", [], ["Rfe", ReadRead, "Fre", WriteWrite]),
        new("SB", "AArch64", [], ["Fre", WriteRead, "Fre", WriteRead]),
        new("LB", "AArch64", [], ["Rfe", ReadWrite, "Rfe", ReadWrite]),
        new("R", "AArch64", [], ["Coe", WriteRead, "Fre", WriteWrite]),
        new("S", "AArch64", [], ["Rfe", ReadWrite, "Coe", WriteWrite]),
        new("2+2W", "AArch64", [], ["Coe", WriteWrite, "Coe", WriteWrite]),
        new("WRC", "AArch64", [], ["Rfe", ReadWrite, "Rfe", ReadRead, "Fre"]),
        new("ISA2", "AArch64", [], ["Rfe", FewReadWrite, "Rfe", ReadRead, "Fre", FewWriteWrite]),
        new("IRIW", "AArch64", [], ["Rfe", FewReadRead, "Fre", "Rfe", ReadRead, "Fre"]),
        new("3.SB", "AArch64", [], ["Fre", FewWriteRead, "Fre", FewWriteRead, "Fre", WriteRead]),
        new("Z6", "AArch64", [], ["Coe", FewWriteRead, "Fre", FewWriteWrite, "Rfe", ReadWrite]),
        new("MP, text", "AArch64", s_text, ["Rfe", ReadThenRun, "FreIP", Text("PodWW", "WW")]),
        new("SB, text", "AArch64", s_text, ["Fre", WriteThenRun, "FreIP", Text("PodWR", "WR")]),
        new("WRC, text", "AArch64", s_text, ["Rfe", FewReadWrite, "Rfe", ReadThenRun, "FreIP", FewMaintain]),
        new("SB, x86", "X86_64", [], ["Fre", X86WriteRead, "Fre", X86WriteRead]),
        new("MP, x86", "X86_64", [], ["Rfe", X86ReadRead, "Fre", X86WriteWrite]),
        new("LB, x86", "X86_64", [], ["Rfe", X86ReadWrite, "Rfe", X86ReadWrite]),
        new("R, x86", "X86_64", [], ["Coe", X86WriteRead, "Fre", X86WriteWrite]),
        new("S, x86", "X86_64", [], ["Rfe", X86ReadWrite, "Coe", X86WriteWrite]),
        new("3.SB, x86", "X86_64", [], ["Fre", X86WriteRead, "Fre", X86WriteRead, "Fre", X86WriteRead]),
        new("IRIW, x86", "X86_64", [], ["Rfe", X86ReadRead, "Fre", "Rfe", X86ReadRead, "Fre"]),
    ];

    private static string Text(string order, string directions) =>
        Maintain.Replace("{0}", order, StringComparison.Ordinal).Replace("{1}", directions, StringComparison.Ordinal);
}
