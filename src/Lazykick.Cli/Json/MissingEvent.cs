namespace Lazykick.Cli.Json;

/// <summary>An event that this kernel lacks, and what the trace cannot tell without it.</summary>
internal sealed record MissingEvent(string Event, string Lost);
