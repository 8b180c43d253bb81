using Lazykick.Checking.Exploration;
using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Weak;

/// <summary>A move that takes effect at issue.</summary>
/// <param name="Table">What it does.</param>
/// <param name="Flow">Which variables it uses.</param>
/// <param name="KeepsMemory">Bits of the memory that it does not write: it sees its CPU's own view of them.</param>
/// <param name="Access">What it is to the memory machine: a context synchronisation event and a DSB wait for what is in
/// flight.</param>
/// <param name="IsSend">It writes to the interrupt controller.</param>
/// <param name="IsReversible">Nobody else sees what it does: a wrong guess takes it back with the rest.</param>
/// <param name="MayBeDelayed">It changes and looks at nothing but what is its CPU's alone (docs/design/
/// reductions.md).</param>
/// <param name="Memory">What hardware reads and writes together with it (W7), and what it vouches for.</param>
/// <param name="Slot">How it stands in the window where it uses what is not known yet; null: it waits until that is
/// known.</param>
internal sealed record ControlMove<T>(
    IssueTable<T> Table,
    Flow Flow,
    T KeepsMemory,
    Access Access,
    bool IsSend,
    bool IsReversible,
    WindowedMove<T>? Slot,
    bool MayBeDelayed,
    ControlMemory Memory
)
    where T : unmanaged, IPacked<T>;

/// <summary>What a move that takes effect at issue does to memory.</summary>
/// <param name="Accessed">Locations that it reads or writes.</param>
/// <param name="Written">Locations that it writes.</param>
/// <param name="Returned">Text and translations that it, a kick's return, vouches for.</param>
internal sealed record ControlMemory(short[] Accessed, short[] Written, IReadOnlySet<Field> Returned);
