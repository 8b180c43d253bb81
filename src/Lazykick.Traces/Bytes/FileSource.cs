using Microsoft.Win32.SafeHandles;

namespace Lazykick.Traces.Bytes;

/// <summary>
/// A file read with pread. A mapping would fault once a page (a third of the whole cost of a walk, measured) and would
/// kill the process if somebody cut the file while it is read.
/// </summary>
internal sealed class FileSource : ByteSource
{
    private readonly SafeFileHandle _handle;

    public FileSource(string name, SafeFileHandle handle)
        : base(name)
    {
        _handle = handle;
        Length = RandomAccess.GetLength(handle);
    }

    public override long Length { get; }

    public override int Read(Span<byte> into, long offset)
    {
        var total = 0;
        try
        {
            while (total < into.Length)
            {
                var count = RandomAccess.Read(_handle, into[total..], offset + total);
                if (count == 0)
                    break;
                total += count;
            }
        }
        catch (IOException)
        {
            // A bad sector ends the file here as far as the trace is concerned; the reader reports the place as damage.
        }

        return total;
    }

    public override void Dispose() => _handle.Dispose();
}
