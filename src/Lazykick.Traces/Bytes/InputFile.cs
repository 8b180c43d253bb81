using Microsoft.Win32.SafeHandles;

namespace Lazykick.Traces.Bytes;

/// <summary>Opens what a user names: a file, a pipe, standard input.</summary>
internal static class InputFile
{
    private const string StandardInput = "-";
    private const int StepBytes = 1 << 18;

    /// <summary>
    /// Opening a FIFO waits for a writer, and reading a pipe for its end, in the kernel, where no cancellation reaches:
    /// both happen on a thread that is left behind when the caller gives up.
    /// </summary>
    public static ByteSource Open(string path, CancellationToken cancellation)
    {
        var opening = Task.Run(() => Open(path), CancellationToken.None);
        return opening.WaitAsync(cancellation).GetAwaiter().GetResult();
    }

    private static ByteSource Open(string path)
    {
        if (path == StandardInput)
        {
            using var descriptor = new SafeFileHandle(0, ownsHandle: false);
            using var input = new FileStream(descriptor, FileAccess.Read);
            return Copy(input, "standard input");
        }

        var handle = File.OpenHandle(path);
        if (CanSeek(handle))
            return new FileSource(path, handle);
        using var stream = new FileStream(handle, FileAccess.Read);
        return Copy(stream, path);
    }

    private static bool CanSeek(SafeFileHandle handle)
    {
        try
        {
            return RandomAccess.GetLength(handle) >= 0;
        }
        catch (NotSupportedException)
        {
            return false;
        }
    }

    private static ByteSource Copy(Stream stream, string name)
    {
        using var copy = new Spool();
        var buffer = new byte[StepBytes];
        for (int count; (count = stream.Read(buffer)) > 0;)
            copy.Write(buffer.AsSpan(0, count));
        return copy.ToSource(name);
    }
}
