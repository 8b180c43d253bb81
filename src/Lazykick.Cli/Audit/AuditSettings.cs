namespace Lazykick.Cli.Audit;

/// <summary>A call of <c>lazykick audit</c>.</summary>
internal sealed record AuditSettings(
    string[] Images,
    string? SystemMap,
    string? Model,
    bool ShowModel,
    string? Arch,
    string[] Windows,
    string[] Sites,
    string? Scheme,
    bool Emit,
    bool Diff,
    bool Masked,
    bool Json
);
