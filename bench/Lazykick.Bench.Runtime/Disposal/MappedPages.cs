using System.Runtime.InteropServices;

namespace Lazykick.Bench.Runtime.Disposal;

/// <summary>A page of a mapped file.</summary>
internal sealed unsafe partial class MappedPages : BlockKind, IDisposable
{
    // From the UAPI headers: PROT_READ, MAP_SHARED.
    private const int Read = 1;
    private const int Shared = 1;

    private readonly string _path = Path.GetTempFileName();
    private readonly FileStream _file;

    public MappedPages()
    {
        File.WriteAllBytes(_path, new byte[Size]);
        _file = File.OpenRead(_path);
    }

    public override nint Allocate()
    {
        var block = Map(0, Size, Read, Shared, (int)_file.SafeFileHandle.DangerousGetHandle(), 0);
        if (block == -1)
            throw new IOException("mmap failed");
        GC.KeepAlive(*(long*)block);
        return block;
    }

    public override void Free(nint block) => _ = Unmap(block, Size);

    public void Dispose()
    {
        _file.Dispose();
        File.Delete(_path);
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint size, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint size);
}
