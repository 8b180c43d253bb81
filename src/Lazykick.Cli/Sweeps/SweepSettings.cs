using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Model;

namespace Lazykick.Cli.Sweeps;

/// <summary>What the caller of <c>check --sweep</c> asks for.</summary>
/// <param name="Options">How each combination is checked.</param>
/// <param name="Knobs">The knobs, as written.</param>
/// <param name="Shard">Which part of the combinations.</param>
/// <param name="Properties">The properties that count; none: what the scheme promises.</param>
/// <param name="Json">Write one JSON document.</param>
internal sealed record SweepSettings(
    Func<Scheme, CheckOptions> Options,
    string Knobs,
    (int Shard, int Shards) Shard,
    IReadOnlyList<string> Properties,
    bool Json
);
