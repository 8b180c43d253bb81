namespace Lazykick.Schemes.Model;

/// <summary>What is expected of a scheme in one configuration: one entry of its <c>.expected</c> file.</summary>
/// <param name="Cpus">Number of CPUs.</param>
/// <param name="Memory">The memory model: sc, tso or arm.</param>
/// <param name="Knobs">Knobs that differ from their defaults.</param>
/// <param name="Lengths">By property: the length of the shortest counterexample, or 0 if it holds.</param>
/// <param name="States">Size of the whole space.</param>
public sealed record Expectation(
    int Cpus,
    string Memory,
    IReadOnlyDictionary<string, string> Knobs,
    IReadOnlyDictionary<string, int> Lengths,
    long States
)
{
    /// <summary>The configuration as one line: <c>cpus 2 memory sc patch4=off</c>.</summary>
    public string Configuration =>
        string.Join(
            ' ',
            new[] { $"cpus {Cpus} memory {Memory}" }.Concat(
                Knobs.OrderBy(k => k.Key, StringComparer.Ordinal).Select(k => $"{k.Key}={k.Value}")
            )
        );
}
