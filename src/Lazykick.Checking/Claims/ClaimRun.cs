using Lazykick.Checking.Memory;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Claims;

/// <summary>An exploration that a claim rests on.</summary>
/// <param name="Name">Its name in formulas.</param>
/// <param name="Scheme">The scheme.</param>
/// <param name="Knobs">Knobs that differ from the scheme's defaults.</param>
/// <param name="Cpus">Number of CPUs.</param>
/// <param name="Memory">The memory model.</param>
/// <param name="IsMemoryNamed">The claim says so; else it is the reader's choice, see <see cref="Under"/>.</param>
/// <param name="Span">Where it is written.</param>
public sealed record ClaimRun(
    string Name,
    Scheme Scheme,
    IReadOnlyDictionary<string, string> Knobs,
    int Cpus,
    MemoryModel Memory,
    bool IsMemoryNamed,
    SourceSpan Span
)
{
    /// <summary>True if the scheme has this knob and the knob this value.</summary>
    public bool Has(string knob, string value) =>
        Scheme.Knobs.TryGetValue(knob, out var known) && known.Values.Contains(value, StringComparer.Ordinal);

    /// <summary>The run with a knob turned; the same run if its scheme has no such knob.</summary>
    public ClaimRun With(string knob, string value) =>
        Has(knob, value)
            ? this with
            {
                Knobs = new Dictionary<string, string>(Knobs, StringComparer.Ordinal) { [knob] = value },
            }
            : this;

    /// <summary>
    /// The run under another memory model; the same run if the claim names one. No x86 processor has Arm's: its schemes
    /// are explored under <c>tso</c> instead; those of other architectures always under <c>sc</c>.
    /// </summary>
    public ClaimRun Under(MemoryModel memory) =>
        IsMemoryNamed
            ? this
            : this with
            {
                Memory = Scheme.Arch switch
                {
                    "arm64" => memory,
                    "x86_64" when memory == MemoryModel.Arm => MemoryModel.Tso,
                    "x86_64" => memory,
                    _ => MemoryModel.Sc,
                },
            };

    /// <summary>
    /// What is explored, as one would say it: scheme, knobs that are not at their defaults in order, CPUs, memory.
    /// Equal for equal explorations.
    /// </summary>
    public string Describe()
    {
        var turned = Knobs
            .Where(k => Scheme.Knobs[k.Key].Values[Scheme.Knobs[k.Key].Default] != k.Value)
            .OrderBy(k => k.Key, StringComparer.Ordinal)
            .Select(k => $" {k.Key}={k.Value}");
        return $"{Scheme.Name}{string.Concat(turned)}{(Cpus == 2 ? "" : $" --cpus {Cpus}")}"
            + $"{(Memory == MemoryModel.Sc ? "" : $" --memory {Memory.ToString().ToLowerInvariant()}")}";
    }
}
