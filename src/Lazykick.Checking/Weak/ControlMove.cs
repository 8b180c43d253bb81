using Lazykick.Checking.Exploration;

namespace Lazykick.Checking.Weak;

/// <summary>A move that takes effect at issue.</summary>
/// <param name="Table">What it does.</param>
/// <param name="Flow">Which variables it uses.</param>
/// <param name="KeepsMemory">Bits of the memory that it does not write: it sees its CPU's own view of them.</param>
/// <param name="Access">What it is to the memory machine: a context synchronisation event and a DSB wait for what is in
/// flight.</param>
/// <param name="IsSend">It writes to the interrupt controller.</param>
/// <param name="IsReversible">Nobody else sees what it does: a wrong guess takes it back with the rest.</param>
/// <param name="Slot">How it stands in the window where it uses what is not known yet; null: it waits until that is
/// known.</param>
internal sealed record ControlMove<T>(
    IssueTable<T> Table,
    Flow Flow,
    T KeepsMemory,
    Access Access,
    bool IsSend,
    bool IsReversible,
    WindowedMove<T>? Slot
)
    where T : unmanaged, IPacked<T>;
