using Lazykick.Checking.Verdicts;

namespace Lazykick.Checking.Export;

/// <summary>What an export gave.</summary>
public sealed record ExportResult
{
    /// <summary>What the check found; null if the export was refused.</summary>
    public CheckResult? Check { get; init; }

    /// <summary>The property that the race violates, or null if the export was refused.</summary>
    public string? Property { get; init; }

    /// <summary>
    /// The test, and with <see cref="ExportOptions.Against"/> its mended twin; empty if it was refused.
    /// </summary>
    public IReadOnlyList<ExportedTest> Tests { get; init; } = [];

    /// <summary>Why there is no test, or null.</summary>
    public ExportRefusal? Refusal { get; init; }
}

/// <summary>Why there is no test.</summary>
/// <param name="GaveUp">A limit was reached; else the request cannot be served.</param>
/// <param name="Message">What is in the way.</param>
/// <param name="Hint">What to do instead.</param>
public sealed record ExportRefusal(bool GaveUp, string Message, string Hint);
