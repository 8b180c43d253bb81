using System.Collections.Concurrent;
using System.IO.MemoryMappedFiles;

namespace Lazykick.Bench.Runtime.Disposal;

/// <summary>A file, opened and mapped as a program would, by the framework's own class.</summary>
internal sealed unsafe class MappedFiles : BlockKind, IDisposable
{
    private readonly ConcurrentDictionary<nint, (MemoryMappedFile File, MemoryMappedViewAccessor View)> _open = [];

    public MappedFiles() => File.WriteAllBytes(Path, new byte[Size]);

    public string Path { get; } = System.IO.Path.GetTempFileName();

    public override bool IsPartOfReplacing => true;

    public override nint Allocate()
    {
        var file = MemoryMappedFile.CreateFromFile(Path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        var view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        _open[(nint)start] = (file, view);
        return (nint)start;
    }

    public override void Free(nint block)
    {
        if (!_open.TryRemove(block, out var mapped))
            return;
        mapped.View.SafeMemoryMappedViewHandle.ReleasePointer();
        mapped.View.Dispose();
        mapped.File.Dispose();
    }

    public void Dispose() => File.Delete(Path);
}
