using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace HotSwap;

/// <summary>One edition of the data: a file, mapped and read through a plain pointer.</summary>
internal sealed unsafe class Edition : IDisposable
{
    public const int Words = 64 * 1024;
    public const long Size = Words * (long)sizeof(long);

    private static int _open;

    private readonly string _path;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly long* _words;

    private Edition(string path, int number)
    {
        _path = path;
        Number = number;
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        _words = (long*)start;
        Interlocked.Increment(ref _open);
    }

    /// <summary>How many editions are mapped at the moment.</summary>
    public static int Open => Volatile.Read(ref _open);

    public int Number { get; }

    public static Edition Create(string folder, int number)
    {
        var path = Path.Combine(folder, $"edition{number}.dat");
        var words = new long[Words];
        Array.Fill(words, number);
        File.WriteAllBytes(path, MemoryMarshal.AsBytes<long>(words));
        return new Edition(path, number);
    }

    public long Read(int index) => _words[index];

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
        File.Delete(_path);
        Interlocked.Decrement(ref _open);
    }
}
