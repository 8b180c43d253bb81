namespace Lazykick.Cli.Watch;

/// <summary>What the caller of <c>watch</c> asked for.</summary>
internal sealed record WatchSettings
{
    /// <summary>The CPUs to watch; null = all.</summary>
    public IReadOnlySet<int>? Cpus { get; init; }

    /// <summary>How long; null = until q or Ctrl-C.</summary>
    public TimeSpan? Time { get; init; }

    public bool Json { get; init; }
}
