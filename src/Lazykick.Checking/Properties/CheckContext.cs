using Lazykick.Checking.Moves;
using Lazykick.Schemes.Model;

namespace Lazykick.Checking.Properties;

/// <summary>What a property is compiled with.</summary>
/// <param name="Scheme">The scheme.</param>
/// <param name="Fields">Fields of the state; a property adds its own.</param>
/// <param name="Cpus">Number of CPUs.</param>
/// <param name="IsWeak">Accesses take effect later than their steps are issued: memory is not <c>sc</c>.</param>
/// <param name="Eqs">By CPU: is it in state <c>eqs</c>.</param>
/// <param name="Index">The property's place in the list of the scheme's, and its bit in what a move violates.</param>
internal sealed record CheckContext(
    Scheme Scheme,
    SystemFields Fields,
    int Cpus,
    bool IsWeak,
    IReadOnlyList<Value> Eqs,
    int Index
);
