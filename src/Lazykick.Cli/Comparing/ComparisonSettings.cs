using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Model;

namespace Lazykick.Cli.Comparing;

/// <summary>What the caller of <c>diff</c> asks for.</summary>
/// <param name="Options">How a scheme is checked; its knobs are those for both schemes.</param>
/// <param name="IsRaised">Go on with more accesses in flight, until more of them change nothing.</param>
/// <param name="Against">Knobs of the second scheme, on top of those for both.</param>
/// <param name="Properties">The properties that count; none: all, and the windows.</param>
/// <param name="AllMoves">Draw every move.</param>
/// <param name="Json">Write one JSON document.</param>
internal sealed record ComparisonSettings(
    Func<Scheme, CheckOptions> Options,
    bool IsRaised,
    IReadOnlyDictionary<string, string> Against,
    IReadOnlyList<string> Properties,
    bool AllMoves,
    bool Json
);
