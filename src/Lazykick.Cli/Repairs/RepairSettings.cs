using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Model;

namespace Lazykick.Cli.Repairs;

/// <summary>What the caller of <c>repair</c> asks for.</summary>
/// <param name="Options">How the scheme is checked.</param>
/// <param name="Property">The property to mend, or null.</param>
/// <param name="MostParts">Most additions of a set.</param>
/// <param name="Json">Write one JSON document.</param>
internal sealed record RepairSettings(Func<Scheme, CheckOptions> Options, string? Property, int MostParts, bool Json);
