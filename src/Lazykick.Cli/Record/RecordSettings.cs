using Lazykick.Traces.Recording;

namespace Lazykick.Cli.Record;

/// <summary>What the caller of <c>record</c> asked for.</summary>
internal sealed record RecordSettings
{
    public required RecordingOptions Options { get; init; }

    /// <summary>How long; null = until the command ends or Ctrl-C.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>A program with its arguments; empty = none.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    public bool Json { get; init; }
}
