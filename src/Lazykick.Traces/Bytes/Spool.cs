using Microsoft.Win32.SafeHandles;

namespace Lazykick.Traces.Bytes;

/// <summary>
/// Takes bytes of unknown number: in memory at first, then in a temporary file that has no name any more while it is
/// used, so that nothing is left behind however the process ends.
/// </summary>
internal sealed class Spool : IDisposable
{
    private const int InMemoryLimit = 1 << 20;

    private readonly MemoryStream _memory = new();
    private SafeFileHandle? _file;

    public long Length { get; private set; }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (_file is null && Length + bytes.Length > InMemoryLimit)
        {
            _file = CreateUnnamed();
            RandomAccess.Write(_file, _memory.GetBuffer().AsSpan(0, (int)Length), 0);
            _memory.SetLength(0);
            _memory.Capacity = 0;
        }

        if (_file is null)
            _memory.Write(bytes);
        else
            RandomAccess.Write(_file, bytes, Length);
        Length += bytes.Length;
    }

    public ByteSource ToSource(string name)
    {
        if (_file is null)
            return new MemorySource(name, _memory.ToArray());
        var source = new FileSource(name, _file);
        _file = null;
        return source;
    }

    public void Dispose()
    {
        _file?.Dispose();
        _memory.Dispose();
    }

    private static SafeFileHandle CreateUnnamed()
    {
        var path = Path.Combine(Path.GetTempPath(), $"lazykick-{Environment.ProcessId}-{Guid.NewGuid():N}");
        var file = File.OpenHandle(
            path,
            FileMode.CreateNew,
            FileAccess.ReadWrite,
            FileShare.ReadWrite | FileShare.Delete
        );
        File.Delete(path);
        return file;
    }
}
