using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Lazykick.Traces.Recording;

/// <summary>
/// Takes the finished pages of one CPU out of the kernel's buffer and appends them to a file, without copying and
/// without waiting: a reader that waits would have the kernel wake it by an interrupt on the recorded CPU
/// (rb_wake_up_waiters, kernel/trace/ring_buffer.c).
/// </summary>
internal sealed class CpuPages : IPageStore, IDisposable
{
    private const int PagesAtOnce = 64;

    private readonly SafeFileHandle _source;
    private readonly SafeFileHandle _target;
    private readonly SafeFileHandle _pipeRead;
    private readonly SafeFileHandle _pipeWrite;
    private readonly int _pageSize;
    private readonly string _file;

    public CpuPages(TraceInstance instance, int cpu, int pageSize, string file)
    {
        Cpu = cpu;
        _file = file;
        _pageSize = pageSize;
        _target = File.OpenHandle(file, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete);
        // Nameless from here on: whatever ends this process, nothing is left in the directory.
        File.Delete(file);
        try
        {
            _source = NativeCalls.OpenNonBlocking(instance.PathOf($"per_cpu/cpu{cpu}/trace_pipe_raw"));
            (_pipeRead, _pipeWrite) = NativeCalls.Pipe(PagesAtOnce * pageSize);
        }
        catch
        {
            _source?.Dispose();
            _target.Dispose();
            throw;
        }
    }

    public int Cpu { get; }

    public long Bytes { get; private set; }

    /// <summary>Takes the pages that are full.</summary>
    /// <returns>Bytes taken.</returns>
    /// <exception cref="IOException">The target cannot be written.</exception>
    public long TakeFull()
    {
        var before = Bytes;
        while (true)
        {
            var moved = Splice(_source, _pipeWrite, PagesAtOnce * _pageSize);
            if (moved == 0)
                return Bytes - before;
            for (var left = moved; left > 0;)
            {
                var written = Splice(_pipeRead, _target, (int)left);
                if (written == 0)
                    throw new IOException($"{_file}: no bytes could be written");
                left -= written;
                Bytes += written;
            }
        }
    }

    /// <summary>
    /// Takes what is left after recording has been switched off, the last page padded to its full size.
    /// </summary>
    /// <exception cref="IOException">The target cannot be written.</exception>
    public unsafe void TakeRest()
    {
        TakeFull();
        var page = new byte[_pageSize];
        while (true)
        {
            nint count;
            fixed (byte* first = page)
                count = NativeCalls.Read(_source, first, (nuint)_pageSize);
            if (count <= 0)
                return;
            page.AsSpan((int)count).Clear();
            RandomAccess.Write(_target, page, Bytes);
            Bytes += _pageSize;
        }
    }

    /// <summary>
    /// After the disk filled up: gives the newest pages back, so that what describes the others can be written.
    /// </summary>
    public void GiveUpNewest()
    {
        Bytes = Math.Max(0, (Bytes / _pageSize) - PagesAtOnce) * _pageSize;
        RandomAccess.SetLength(_target, Bytes);
    }

    /// <summary>Moves the pages to the end of a file, giving each stretch back to the disk once it is copied.</summary>
    public void MoveTo(Stream file)
    {
        var buffer = new byte[1 << 20];
        for (long at = 0; at < Bytes;)
        {
            var count = RandomAccess.Read(_target, buffer.AsSpan(0, (int)Math.Min(buffer.Length, Bytes - at)), at);
            if (count == 0)
                throw new IOException($"{_file}: ends before its {Bytes} bytes");
            NativeCalls.GiveBack(_target, at, count);
            file.Write(buffer, 0, count);
            at += count;
        }
    }

    public void Dispose()
    {
        _source.Dispose();
        _pipeRead.Dispose();
        _pipeWrite.Dispose();
        _target.Dispose();
    }

    private nint Splice(SafeFileHandle from, SafeFileHandle to, int bytes)
    {
        while (true)
        {
            var moved = NativeCalls.Splice(from, 0, to, 0, (nuint)bytes, NativeCalls.SpliceMoveNonBlocking);
            if (moved >= 0)
                return moved;
            var error = Marshal.GetLastPInvokeError();
            if (error == NativeCalls.Interrupted)
                continue;
            if (error == NativeCalls.TryAgain && from == _source)
                return 0;
            throw new IOException($"{_file}: {Marshal.GetPInvokeErrorMessage(error)}", error);
        }
    }
}
