namespace Lazykick.Checking.Tests.Naive;

/// <summary>What may be the case when a CPU stands at one position (M18).</summary>
/// <param name="Role">Role of the CPU.</param>
/// <param name="Path">The path, or the declared place.</param>
/// <param name="Line">Line of the step in its file; 0 at a place.</param>
/// <param name="Position">The whole chain of calls.</param>
/// <param name="IsStale">A CPU there may run the old instruction of a location whose kick has returned.</param>
/// <param name="IsEqs">A CPU there may be in the state <c>eqs</c>.</param>
internal sealed record NaiveWindow(string Role, string Path, int Line, string Position, bool IsStale, bool IsEqs);
