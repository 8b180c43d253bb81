namespace Lazykick.Auditing.Walking;

/// <summary>A function entered in a state.</summary>
internal sealed class WalkNode(ulong function, RcuState state, Direction direction)
{
    public ulong Function => function;

    public RcuState State => state;

    public Direction Direction => direction;

    /// <summary>Functions of ordinary text on the way to it, at least.</summary>
    public int Depth { get; set; }

    /// <summary>States in which it returns.</summary>
    public StateSet Exits { get; set; }

    public bool IsQueued { get; set; }

    public HashSet<WalkNode> Callers { get; } = [];

    /// <summary>Whom it calls, with the address of the first call.</summary>
    public Dictionary<WalkNode, ulong> Calls { get; } = [];

    public HashSet<(SiteKind Kind, ulong Address, RcuState State)> Sites { get; } = [];

    /// <summary>Where ordinary text begins: the place, the state before it, and whom it calls (0: a pointer).</summary>
    public HashSet<(ulong Address, RcuState State, ulong Target)> Boundaries { get; } = [];

    /// <summary>Exception returns with the state there.</summary>
    public HashSet<(ulong Address, RcuState State)> Ends { get; } = [];

    /// <summary>Atomics on the state, with the state before.</summary>
    public HashSet<(ulong Address, RcuState State)> Transitions { get; } = [];

    /// <summary>Instructions in the EQS that may unmask interrupts.</summary>
    public HashSet<(ulong Address, RcuState State)> Unmasks { get; } = [];

    /// <summary>Barriers that run after the atomic.</summary>
    public HashSet<(ulong Address, string What)> Barriers { get; } = [];

    /// <summary>Functions of which it runs instructions in the EQS.</summary>
    public HashSet<(ulong Function, RcuState State)> InEqs { get; } = [];
}
