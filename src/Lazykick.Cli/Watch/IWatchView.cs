using Lazykick.Cli.Json;

namespace Lazykick.Cli.Watch;

/// <summary>Where the seconds of a live analysis go.</summary>
internal interface IWatchView
{
    /// <summary>Before the analysis begins.</summary>
    /// <param name="ending">Cancelled by the view where the user ends it.</param>
    void Begin(CancellationTokenSource ending);

    /// <summary>A second has passed. On the thread of the analysis.</summary>
    void Show(WatchDocument frame);

    /// <summary>Shows until cancelled.</summary>
    void Run(CancellationToken cancellation);
}
