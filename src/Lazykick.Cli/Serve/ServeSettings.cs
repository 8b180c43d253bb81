using System.Net;

namespace Lazykick.Cli.Serve;

/// <summary>What the caller of <c>serve</c> asked for.</summary>
internal sealed record ServeSettings
{
    /// <summary>Where to answer.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>The CPUs to watch; null = all.</summary>
    public IReadOnlySet<int>? Cpus { get; init; }

    /// <summary>A collector to send the metrics to as well; null = none.</summary>
    public Uri? Otlp { get; init; }

    /// <summary>How long; null = until a signal.</summary>
    public TimeSpan? Time { get; init; }
}
