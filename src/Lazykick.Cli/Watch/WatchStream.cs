using Lazykick.Cli.Json;
using Microsoft.Win32.SafeHandles;

namespace Lazykick.Cli.Watch;

/// <summary>Into a pipe or a file: each second as soon as it has passed, until the reader goes away.</summary>
internal sealed class WatchStream(Action<Stream, WatchDocument> write) : IWatchView
{
    private CancellationTokenSource? _ending;

    public void Begin(CancellationTokenSource ending) => _ending = ending;

    public void Show(WatchDocument frame)
    {
        try
        {
            using var line = new MemoryStream();
            write(line, frame);
            using var handle = new SafeFileHandle(1, ownsHandle: false);
            using var pipe = new FileStream(handle, FileAccess.Write, bufferSize: 0);
            // The console's stream takes a closed pipe for a success and would go on for ever. A FileStream writes
            // into a file at its own position, and would overwrite what others have written meanwhile.
            using var file = pipe.CanSeek ? Console.OpenStandardOutput() : null;
            (file ?? pipe).Write(line.GetBuffer(), 0, (int)line.Length);
        }
        catch (IOException)
        {
            // Whoever read has what it wanted.
            _ending!.Cancel();
        }
    }

    public void Run(CancellationToken cancellation) => cancellation.WaitHandle.WaitOne();
}
