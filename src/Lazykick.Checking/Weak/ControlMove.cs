using Lazykick.Checking.Exploration;

namespace Lazykick.Checking.Weak;

/// <summary>A move that takes effect at issue, once nothing that the CPU guessed can turn out wrong.</summary>
/// <param name="Table">What it does.</param>
/// <param name="Uses">Variables that it uses, as bits.</param>
/// <param name="KeepsMemory">Bits of the memory that it does not write: it sees its CPU's own view of them.</param>
/// <param name="Access">What it is to the memory machine: a context synchronisation event and a DSB wait for what is in flight.</param>
/// <param name="IsSend">It writes to the interrupt controller.</param>
/// <param name="IsLocal">It touches only the CPU's own variables, or marks where a kick begins and returns: a wrong guess takes it back with the rest.</param>
internal sealed record ControlMove<T>(MoveTable<T> Table, ulong Uses, T KeepsMemory, Access Access, bool IsSend, bool IsLocal)
    where T : unmanaged, IPacked<T>;
