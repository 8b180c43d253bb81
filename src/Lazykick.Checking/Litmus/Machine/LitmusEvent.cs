namespace Lazykick.Checking.Litmus.Machine;

/// <summary>What a CPU did in one step.</summary>
/// <param name="Cpu">The CPU.</param>
/// <param name="Kind">What kind of step.</param>
/// <param name="Text">The instruction.</param>
/// <param name="Location">The location concerned, or an empty string.</param>
/// <param name="Shown">The value read or written as herd prints it, or the number of the version fetched.</param>
/// <param name="Local">The value came from the CPU's own pending store, or the version fetched is not the
/// newest.</param>
public sealed record LitmusEvent(int Cpu, LitmusEventKind Kind, string Text, string Location, string Shown, bool Local);
