using Lazykick.Cli.Json;
using Microsoft.Win32.SafeHandles;

namespace Lazykick.Cli.Watch;

/// <summary>Into a pipe: each second as soon as it has passed, until the reader goes away.</summary>
internal sealed class WatchStream(Action<Stream, WatchDocument> write) : IWatchView
{
    private CancellationTokenSource? _ending;

    public void Begin(CancellationTokenSource ending) => _ending = ending;

    public void Show(WatchDocument frame)
    {
        try
        {
            // Not the console's stream: that one takes a closed pipe for a success and would go on for ever.
            using var handle = new SafeFileHandle(1, ownsHandle: false);
            using var output = new FileStream(handle, FileAccess.Write, bufferSize: 0);
            using var line = new MemoryStream();
            write(line, frame);
            output.Write(line.GetBuffer(), 0, (int)line.Length);
        }
        catch (IOException)
        {
            // Whoever read has what it wanted.
            _ending!.Cancel();
        }
    }

    public void Run(CancellationToken cancellation) => cancellation.WaitHandle.WaitOne();
}
