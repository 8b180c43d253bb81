using Lazykick.Checking.Verdicts;

namespace Lazykick.Checking.Export;

/// <summary>What to export, and how.</summary>
public sealed record ExportOptions
{
    /// <summary>How the scheme is checked.</summary>
    public CheckOptions Check { get; init; } = new();

    /// <summary>The violated property; null for the first one that the scheme promises.</summary>
    public string? Property { get; init; }

    /// <summary>
    /// Knobs that mend the scheme, on top of <see cref="CheckOptions.Knobs"/>: the same core is compiled with them too.
    /// Null for none.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Against { get; init; }
}
