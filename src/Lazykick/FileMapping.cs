using System.IO.MemoryMappedFiles;

namespace Lazykick;

/// <summary>A file, mapped read-only.</summary>
internal sealed unsafe class FileMapping : IDisposable
{
    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _view;
    private readonly byte* _start;

    public FileMapping(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        Length = stream.Length;
        if (Length == 0)
        {
            // An empty file cannot be mapped, and there is nothing to read in it.
            return;
        }

        try
        {
            _file = MemoryMappedFile.CreateFromFile(
                stream,
                null,
                Length,
                MemoryMappedFileAccess.Read,
                HandleInheritability.None,
                leaveOpen: false
            );
            _view = _file.CreateViewAccessor(0, Length, MemoryMappedFileAccess.Read);
            var handle = _view.SafeMemoryMappedViewHandle;
            byte* pointer = null;
            handle.AcquirePointer(ref pointer);
            _start = pointer + _view.PointerOffset;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public long Length { get; }

    public MappedView View => new(_start, Length);

    public void Dispose()
    {
        if (_start is not null)
        {
            _view!.SafeMemoryMappedViewHandle.ReleasePointer();
        }

        _view?.Dispose();
        _file?.Dispose();
    }
}
