using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Lazykick.Checking.Exploration;

/// <summary>
/// Zeroed memory outside of the managed heap that grows where it is: address space is reserved once, pages come when
/// they are first touched. Where the system cannot do that, growing moves what is there. It may be that of a file,
/// which the system writes out where memory is short.
/// </summary>
#pragma warning disable CA1001 // As for the memory: nobody knows who asks last. The finalizer closes the file.
internal sealed unsafe partial class ReservedMemory
#pragma warning restore CA1001
{
    // Pages of 2 MiB pay from a few of them on; below, they would only be zeroed for nothing.
    private const long HugeFrom = 8 << 20;

    private const int ProtReadWrite = 3;
    private const int MapPrivateAnonymousNoReserve = 0x4022;
    private const int MapSharedNoReserve = 0x4001;
    private const int MadviseHugePage = 14;

    private readonly long _reserved;
    private byte* _start;
    private readonly SafeFileHandle? _file;
    private bool _isHuge;

    /// <summary>Reserves.</summary>
    /// <param name="bytes">What the memory may grow to, in bytes.</param>
    /// <param name="file">A file to keep it in, which is made and has no name any more afterwards; null: none.</param>
    /// <exception cref="IOException">The file cannot be made or mapped.</exception>
    /// <exception cref="PlatformNotSupportedException">A file is asked for, and this is no 64-bit Linux.</exception>
    public ReservedMemory(long bytes, string? file = null)
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess)
        {
            if (file is not null)
                throw new PlatformNotSupportedException("states are kept in a file on 64-bit Linux only");
            return;
        }

        if (file is not null)
        {
            _file = File.OpenHandle(file, FileMode.CreateNew, FileAccess.ReadWrite);
            File.Delete(file);
        }

        var start = _file is null
            ? Map(0, (nuint)bytes, ProtReadWrite, MapPrivateAnonymousNoReserve, -1, 0)
            : Map(0, (nuint)bytes, ProtReadWrite, MapSharedNoReserve, (int)_file.DangerousGetHandle(), 0);
        if (start == -1)
        {
            if (file is not null)
                throw new IOException($"{file} cannot be mapped: {Marshal.GetLastPInvokeErrorMessage()}");
            return;
        }

        _start = (byte*)start;
        _reserved = bytes;
    }

#pragma warning disable MA0055 // A race is found in its space when somebody asks for it: nobody knows who asks last.
    ~ReservedMemory()
    {
        Free();
        if (Bytes > 0 && _file is null)
            GC.RemoveMemoryPressure(Bytes);
    }
#pragma warning restore MA0055

    /// <summary>It is in a file.</summary>
    public bool IsInFile => _file is not null;

    /// <summary>Bytes that are in use.</summary>
    public long Bytes { get; private set; }

    /// <summary>The first byte; growing may move it.</summary>
    public byte* Start => _start;

    /// <summary>Makes room for so many bytes; what is new is zero.</summary>
    /// <exception cref="InvalidOperationException">So much was not reserved.</exception>
    public void GrowTo(long bytes)
    {
        if (bytes <= Bytes)
            return;
        if (_reserved == 0)
            Move(bytes);
        else if (bytes > _reserved)
            throw new InvalidOperationException($"{bytes} bytes are needed where {_reserved} are reserved");
        else if (_file is not null)
            Extend(bytes);
        else if (!_isHuge && bytes >= HugeFrom)
            _isHuge = Advise((nint)_start, (nuint)_reserved, MadviseHugePage) is 0 or -1;
        if (_file is null)
            GC.AddMemoryPressure(bytes - Bytes);
        Bytes = bytes;
    }

    // All of it is allocated: to touch a page of a file for which the disk has no room would end the process.
    private void Extend(long bytes)
    {
        if (Allocate((int)_file!.DangerousGetHandle(), 0, bytes) is not 0 and var error)
        {
            throw new IOException(
                $"the file of the order cannot grow to {bytes >> 20} MB: {Marshal.GetPInvokeErrorMessage(error)}"
            );
        }
    }

    private void Move(long bytes)
    {
        var larger = (byte*)NativeMemory.AllocZeroed((nuint)bytes);
        Buffer.MemoryCopy(_start, larger, bytes, Bytes);
        NativeMemory.Free(_start);
        _start = larger;
    }

    private void Free()
    {
        if (_start is null)
            return;
        if (_reserved > 0)
            _ = Unmap((nint)_start, (nuint)_reserved);
        else
            NativeMemory.Free(_start);
        _start = null;
        _file?.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, long offset);

    [LibraryImport("libc", EntryPoint = "posix_fallocate")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Allocate(int file, long offset, long length);

    [LibraryImport("libc", EntryPoint = "munmap")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Unmap(nint address, nuint length);

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(nint address, nuint length, int advice);
}
