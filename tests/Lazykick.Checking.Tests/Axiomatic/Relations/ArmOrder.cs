namespace Lazykick.Checking.Tests.Axiomatic.Relations;

/// <summary>
/// What Arm's model orders within one thread. Nothing here depends on which write a read takes its value from.
/// </summary>
internal sealed class ArmOrder
{
    private readonly EffectGraph _graph;
    private readonly Relation _po;
    private readonly Relation _sameLoc;
    private readonly Relation _iicoData,
        _iicoCtrl;
    private readonly EventSet _readRegisters,
        _writeRegisters;
    private readonly EventSet _acquire,
        _acquirePc,
        _release,
        _noReturn,
        _everything;

    internal ArmOrder(EffectGraph graph)
    {
        _graph = graph;
        _po = graph.ProgramOrder;
        _sameLoc = graph.SameLocation;
        _iicoData = graph.Edges(graph.DataEdges).Closure();
        _iicoCtrl = graph.Edges(graph.ControlEdges).Closure();
        _everything = graph.Where(_ => true);
        _readRegisters = graph.Where(e => e.Kind == EffectKind.ReadRegister);
        _writeRegisters = graph.Where(e => e.Kind == EffectKind.WriteRegister);
        Explicit = graph.Where(e => e.Kind is EffectKind.ReadMemory or EffectKind.WriteMemory);
        ExplicitReads = graph.Where(e => e.Kind == EffectKind.ReadMemory);
        ExplicitWrites = graph.Where(e => e.Kind == EffectKind.WriteMemory);
        Fetches = graph.Where(e => e.Kind == EffectKind.Fetch);
        Cleans = graph.Where(e => e.Kind == EffectKind.Clean);
        Invalidates = graph.Where(e => e.Kind == EffectKind.Invalidate);
        _acquire = graph.Where(e => e is { Kind: EffectKind.ReadMemory, Acquire: true });
        _acquirePc = graph.Where(e => e is { Kind: EffectKind.ReadMemory, AcquirePc: true });
        _release = graph.Where(e => e is { Kind: EffectKind.WriteMemory, Release: true });
        _noReturn = graph.Where(e => e.NoReturn);
        Amo = graph.Edges(graph.AtomicPairs);
        Rmw = Amo | Lxsx();
        Build();
    }

    internal EventSet Explicit { get; }

    internal EventSet ExplicitReads { get; }

    internal EventSet ExplicitWrites { get; }

    internal EventSet Fetches { get; }

    internal EventSet Cleans { get; }

    internal EventSet Invalidates { get; }

    /// <summary>What other threads can notice: accesses, fetches, maintenance.</summary>
    internal EventSet Observable => Explicit | Fetches | Cleans | Invalidates;

    /// <summary>C_IC: those that a full DSB completes.</summary>
    internal EventSet CompletedInvalidates => Invalidates & _po.To(Dsb("SY")).Domain;

    internal Relation SameLine => _sameLoc;

    internal Relation Amo { get; }

    internal Relation Rmw { get; }

    internal Relation DsbOb { get; private set; } = null!;

    internal Relation IfbOb { get; private set; } = null!;

    internal Relation LocalHardwareRequirements { get; private set; } = null!;

    private void Build()
    {
        var memory = Explicit | Fetches;
        var reads = ExplicitReads | Fetches;
        var maintained = Cleans | Invalidates;
        var poLoc = _po & _sameLoc;

        // Local register and memory successors.
        var poGpr = _po & _graph.SameRegister;
        var lrrs = (poGpr - Intervening(_writeRegisters, poGpr)).From(_writeRegisters).To(_readRegisters);
        var lmws = poLoc.From(Explicit).To(ExplicitWrites);
        var lmrs = (poLoc - Intervening(ExplicitWrites, poLoc)).From(ExplicitWrites).To(reads);

        // Dependencies through registers and memory.
        var dtrm = (lrrs | lmrs | _iicoData).Closure();
        var pickDtrm = (dtrm | _iicoCtrl).Closure();
        var iiAddr = _iicoData.From(_graph.Where(e => e.Port == Port.Address));
        var iiData = (_iicoData | _iicoCtrl).Closure().From(_graph.Where(e => e.Port == Port.Data));
        var addressed = Explicit | maintained;
        var branches = _graph.Where(e => e.Kind == EffectKind.Branch);
        var data = Through(dtrm).Then((_iicoData & iiData).To(ExplicitWrites));
        var addr = Through(dtrm).Then((_iicoData & iiAddr).To(addressed));
        var ctrl = Through(dtrm).Then(_iicoData.To(branches)).Then(_po);
        var pickBasicDep = pickDtrm.From(ExplicitReads);
        var pickAddrDep = Through(pickDtrm).Then((_iicoData & iiAddr).To(addressed));
        var pickDataDep = Through(pickDtrm).Then(((_iicoData | _iicoData.Then(_iicoCtrl)) & iiData).To(ExplicitWrites));
        var pickCtrlDep = Through(pickDtrm).Then(_iicoData.To(branches)).Then(_po);
        var pickDep = (pickBasicDep | pickAddrDep | pickDataDep | pickCtrlDep) - _graph.SameInstruction;

        var afterDsb = _everything - Fetches;
        DsbOb =
            Between(memory | maintained, Dsb("SY"), afterDsb)
            | Between(ExplicitReads - _noReturn, Dsb("LD"), afterDsb)
            | Between(ExplicitWrites, Dsb("ST"), afterDsb);

        var ifb = _graph.Where(e => e.Kind == EffectKind.ContextSync);
        IfbOb = (ctrl | pickCtrlDep | addr.To(Explicit).Then(_po) | pickAddrDep.To(Explicit).Then(_po) | DsbOb)
            .To(ifb)
            .Then(_po);

        var ordered = ExplicitWrites | maintained;
        var dob =
            addr
            | data
            | ctrl.To(ordered)
            | addr.To(Explicit).Then(_po.To(ExplicitWrites))
            | addr.To(Explicit).Then(lmrs.To(ExplicitReads))
            | data.Then(lmrs.To(ExplicitReads));
        var pob =
            pickAddrDep.To(ordered)
            | pickDataDep
            | pickCtrlDep.To(ordered)
            | pickAddrDep.To(Explicit).Then(_po.To(ExplicitWrites));
        var aob = Rmw | Rmw.Then(lmrs.To(_acquire | _acquirePc));
        var bob =
            Between(Explicit, Dmb("SY"), Explicit)
            | Between(Explicit, Dmb("SY"), Cleans)
            | Between(Cleans, Dmb("SY"), Explicit)
            | Between(Cleans, Dmb("SY"), Cleans)
            | Between(ExplicitReads - _noReturn, Dmb("LD"), Explicit)
            | Between(ExplicitWrites, Dmb("ST"), ExplicitWrites)
            | _po.From(Amo.From(_acquire).To(_release).Range).To(Explicit)
            | _po.From(_release).To(_acquire)
            | _po.From(_acquire | _acquirePc).To(Explicit)
            | _po.From(Explicit).To(_release);
        var poSclOb = poLoc.From(Explicit).To(Cleans) | poLoc.From(Cleans).To(Explicit) | poLoc.From(Cleans).To(Cleans);
        var fOb = _po.From(Fetches).To(_everything - Fetches);
        var intrOb = _graph.Edges(_graph.OrderEdges).From(Explicit).To(Explicit);

        var lob = (intrOb | fOb | poSclOb | DsbOb | IfbOb | lmws | dob | pob | aob | bob).Closure();
        var pickLob = pickDep.Then(lob.To(ExplicitWrites));
        LocalHardwareRequirements = (lob | pickLob).Closure();
    }

    // [Exp & R]; (dependency & po); [Rreg]
    private Relation Through(Relation dependency) => (dependency & _po).From(ExplicitReads).To(_readRegisters);

    private Relation Between(EventSet before, EventSet fence, EventSet after) =>
        _po.From(before).To(fence).Then(_po.To(after));

    private static Relation Intervening(EventSet set, Relation relation) => relation.To(set).Then(relation);

    // [R & EX]; po \ (po; [M & EX]; po); [W & EX]
    private Relation Lxsx()
    {
        var exclusives = _graph.Where(e => e.Exclusive);
        return (_po - Intervening(exclusives, _po)).From(exclusives & ExplicitReads).To(exclusives & ExplicitWrites);
    }

    private EventSet Dmb(string kind) => _graph.Where(e => e.Fence == "DMB " + kind);

    private EventSet Dsb(string kind) => _graph.Where(e => e.Fence == "DSB " + kind);
}
