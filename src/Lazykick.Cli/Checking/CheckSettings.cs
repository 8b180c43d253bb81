using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Model;

namespace Lazykick.Cli.Checking;

/// <summary>What the caller of <c>check</c> asks for.</summary>
internal sealed record CheckSettings
{
    /// <summary>How a scheme is checked.</summary>
    public required Func<Scheme, CheckOptions> Options { get; init; }

    /// <summary>The properties that count; none: what the scheme promises.</summary>
    public IReadOnlyList<string> Properties { get; init; } = [];

    /// <summary>Go on with more accesses in flight until these change nothing.</summary>
    public bool IsRaised { get; init; }

    /// <summary>The caller leaves the number of CPUs to the command.</summary>
    public bool IsFree { get; init; }

    /// <summary>List every position.</summary>
    public bool AllPositions { get; init; }

    /// <summary>Draw every move.</summary>
    public bool AllMoves { get; init; }

    /// <summary>So many more races are drawn, each of another kind.</summary>
    public int Another { get; init; }

    /// <summary>The positions that are asked about, in place of the properties; or null.</summary>
    public PositionPattern? At { get; init; }

    /// <summary>Check what the <c>.expected</c> file says.</summary>
    public bool Expected { get; init; }

    /// <summary>Hold the reduced search against the whole one.</summary>
    public bool IsSelfTest { get; init; }

    /// <summary>Write one JSON document.</summary>
    public bool Json { get; init; }

    /// <summary>A file for the execution that is drawn, or null.</summary>
    public string? Save { get; init; }

    /// <summary>A file for a page, or null.</summary>
    public string? Html { get; init; }

    /// <summary>Knobs of the scheme beside it on the page.</summary>
    public IReadOnlyDictionary<string, string> Against { get; init; } = new Dictionary<string, string>();

    /// <summary>A file for a JUnit report, or null.</summary>
    public string? JUnit { get; init; }

    /// <summary>A file for a SARIF log, or null.</summary>
    public string? Sarif { get; init; }
}
