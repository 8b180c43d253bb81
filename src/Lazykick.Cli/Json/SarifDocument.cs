using System.Text.Json.Serialization;

namespace Lazykick.Cli.Json;

/// <summary>A log in the form that code hosts read: SARIF 2.1.0 (OASIS), as far as a race fills it.</summary>
internal sealed record SarifDocument(
    [property: JsonPropertyName("$schema")] string Schema,
    string Version,
    IReadOnlyList<SarifDocument.SarifRun> Runs
)
{
    internal sealed record SarifRun(SarifTool Tool, IReadOnlyList<SarifResult> Results);

    internal sealed record SarifTool(SarifDriver Driver);

    internal sealed record SarifDriver(string Name, string Version, IReadOnlyList<SarifRule> Rules);

    internal sealed record SarifRule(string Id, SarifText ShortDescription);

    internal sealed record SarifText(string Text);

    internal sealed record SarifResult(
        string RuleId,
        string Kind,
        string Level,
        SarifText Message,
        IReadOnlyList<SarifLocation> Locations,
        IReadOnlyList<SarifCodeFlow>? CodeFlows
    );

    internal sealed record SarifLocation(SarifPlace PhysicalLocation, SarifText? Message = null);

    internal sealed record SarifPlace(SarifArtifact ArtifactLocation, SarifRegion Region);

    internal sealed record SarifArtifact(string Uri);

    internal sealed record SarifRegion(int StartLine);

    internal sealed record SarifCodeFlow(IReadOnlyList<SarifThreadFlow> ThreadFlows);

    internal sealed record SarifThreadFlow(IReadOnlyList<SarifStep> Locations);

    internal sealed record SarifStep(SarifLocation Location);
}
