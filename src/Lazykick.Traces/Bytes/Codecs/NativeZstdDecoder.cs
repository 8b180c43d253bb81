using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Lazykick.Traces.Bytes.Codecs;

/// <summary>libzstd, bound at run time, so that a machine without it falls back to the managed decoder.</summary>
internal sealed unsafe class NativeZstdDecoder : ZstdDecoder
{
    private static readonly Entries? _library = Entries.TryLoad();

    private readonly Entries _entries;
    private readonly Context _context;
    private bool _atFrameEnd = true;

    private NativeZstdDecoder(Entries entries, Context context)
    {
        _entries = entries;
        _context = context;
    }

    public override bool IsAtFrameEnd => _atFrameEnd;

    public static NativeZstdDecoder? TryCreate()
    {
        if (_library is null)
            return null;
        var context = _library.CreateContext();
        return context == 0 ? null : new NativeZstdDecoder(_library, new Context(_library, context));
    }

    public override bool TryDecode(ReadOnlySpan<byte> input, Span<byte> output, out int written)
    {
        fixed (byte* from = input)
        fixed (byte* to = output)
        {
            var result = _entries.Decompress(_context.Pointer, to, (nuint)output.Length, from, (nuint)input.Length);
            GC.KeepAlive(_context);
            var failed = _entries.IsError(result) != 0;
            written = failed ? 0 : (int)result;
            return !failed;
        }
    }

    public override bool TryContinue(ReadOnlySpan<byte> input, Span<byte> output, out int consumed, out int written)
    {
        fixed (byte* from = input)
        fixed (byte* to = output)
        {
            var source = new Buffer { Start = from, Size = (nuint)input.Length };
            var target = new Buffer { Start = to, Size = (nuint)output.Length };
            var result = _entries.DecompressStream(_context.Pointer, &target, &source);
            GC.KeepAlive(_context);
            consumed = (int)source.Position;
            written = (int)target.Position;
            if (_entries.IsError(result) != 0)
                return false;
            // A call that finds nothing to do at the end of a frame asks for the next frame's header: that is no
            // change.
            if (consumed > 0 || written > 0)
                _atFrameEnd = result == 0;
            return true;
        }
    }

    public override void Dispose() => _context.Dispose();

    // ZSTD_inBuffer and ZSTD_outBuffer have the same layout.
    [StructLayout(LayoutKind.Sequential)]
    private struct Buffer
    {
        public byte* Start;
        public nuint Size;
        public nuint Position;
    }

    /// <summary>Frees the decoder's state also where a reader is dropped half-way.</summary>
    private sealed class Context : SafeHandleZeroOrMinusOneIsInvalid
    {
        private readonly Entries _entries;

        public Context(Entries entries, nint context)
            : base(ownsHandle: true)
        {
            _entries = entries;
            SetHandle(context);
        }

        public nint Pointer => handle;

        protected override bool ReleaseHandle()
        {
            _entries.FreeContext(handle);
            return true;
        }
    }

    private sealed class Entries
    {
        private readonly delegate* unmanaged<nint> _create;
        private readonly delegate* unmanaged<nint, nuint> _free;
        private readonly delegate* unmanaged<nuint, uint> _isError;
        private readonly delegate* unmanaged<nint, byte*, nuint, byte*, nuint, nuint> _decompress;
        private readonly delegate* unmanaged<nint, Buffer*, Buffer*, nuint> _decompressStream;

        private Entries(nint library)
        {
            _create = (delegate* unmanaged<nint>)NativeLibrary.GetExport(library, "ZSTD_createDCtx");
            _free = (delegate* unmanaged<nint, nuint>)NativeLibrary.GetExport(library, "ZSTD_freeDCtx");
            _isError = (delegate* unmanaged<nuint, uint>)NativeLibrary.GetExport(library, "ZSTD_isError");
            _decompress = (delegate* unmanaged<nint, byte*, nuint, byte*, nuint, nuint>)
                NativeLibrary.GetExport(library, "ZSTD_decompressDCtx");
            _decompressStream = (delegate* unmanaged<nint, Buffer*, Buffer*, nuint>)
                NativeLibrary.GetExport(library, "ZSTD_decompressStream");
        }

        public static Entries? TryLoad()
        {
            if (!NativeLibrary.TryLoad("libzstd.so.1", out var library))
                return null;
            try
            {
                return new Entries(library);
            }
            catch (EntryPointNotFoundException)
            {
                return null;
            }
        }

        public nint CreateContext() => _create();

        public void FreeContext(nint context) => _ = _free(context);

        public uint IsError(nuint result) => _isError(result);

        public nuint Decompress(nint context, byte* to, nuint toSize, byte* from, nuint fromSize) =>
            _decompress(context, to, toSize, from, fromSize);

        public nuint DecompressStream(nint context, Buffer* to, Buffer* from) => _decompressStream(context, to, from);
    }
}
