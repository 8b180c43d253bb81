using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Export;

/// <summary>A litmus test made from a scheme's race.</summary>
/// <param name="Name">The test's name.</param>
/// <param name="Knobs">Knobs of the scheme that differ from their defaults.</param>
/// <param name="Memory">The memory model under which the scheme was checked, and the test was run.</param>
/// <param name="Verdict">The answer of our own machine: Allowed or Forbidden.</param>
/// <param name="UsualVerdict">Its answer under the architecture's own model, which is the one that herd7 has.</param>
/// <param name="Text">The file, in herd's format.</param>
/// <param name="Kept">Steps of the race that the test consists of, each with its thread.</param>
/// <param name="Dropped">Steps that were left out, each with its thread, and why where that is not plain.</param>
public sealed record ExportedTest(
    string Name,
    IReadOnlyDictionary<string, string> Knobs,
    MemoryModel Memory,
    string Verdict,
    string UsualVerdict,
    string Text,
    IReadOnlyList<string> Kept,
    IReadOnlyList<string> Dropped
);
