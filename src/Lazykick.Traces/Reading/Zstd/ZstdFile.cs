namespace Lazykick.Traces;

/// <summary>
/// Makes a zstd-compressed file readable at any offset. What is small stays in memory; the rest goes to a temporary file that has no name any more while it is used, so that nothing is
/// left behind however the process ends.
/// </summary>
internal static class ZstdFile
{
    private const int InMemoryLimit = 1 << 20;
    private const int StepBytes = 1 << 18;

    // A storm trace shrinks 20:1, text 10:1. More than this is an attempt to fill the disk.
    private const long LargestRatio = 2_000;
    private const long AlwaysAllowed = 1L << 28;

    /// <summary>Decompresses the whole source. A stream that breaks off gives what came before, and a note of the damage.</summary>
    public static ByteSource Expand(ByteSource compressed, DamageLog damage)
    {
        using var target = new Spool();
        var limit = Math.Max(AlwaysAllowed, compressed.Length * LargestRatio);
        if (Decode(compressed, target, limit, out var offset) is { } expected)
            damage.Add(compressed.Name, offset, $"expected {expected}");
        return target.ToSource(compressed.Name);
    }

    private static string? Decode(ByteSource compressed, Spool target, long limit, out long offset)
    {
        using var decoder = ZstdDecoder.Create();
        var input = new byte[StepBytes];
        var output = new byte[StepBytes];
        var held = 0;
        var start = 0;
        offset = 0;
        while (true)
        {
            if (start == held)
            {
                start = 0;
                held = compressed.Read(input, offset);
            }

            var intact = decoder.TryContinue(input.AsSpan(start, held - start), output, out var consumed, out var written);
            start += consumed;
            offset += consumed;
            target.Write(output.AsSpan(0, written));
            if (!intact)
                return "a valid zstd frame";
            if (target.Length > limit)
                return $"no more than {LargestRatio} times the compressed size in content";
            if (consumed == 0 && written == 0)
            {
                if (start < held)
                    return "a zstd frame that goes on";
                return decoder.IsAtFrameEnd ? null : "the rest of a zstd frame, found the end of the file";
            }
        }
    }

    /// <summary>Memory at first, an unnamed file from <see cref="InMemoryLimit"/> on.</summary>
    private sealed class Spool : IDisposable
    {
        private readonly MemoryStream _memory = new();
        private Microsoft.Win32.SafeHandles.SafeFileHandle? _file;

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

        private static Microsoft.Win32.SafeHandles.SafeFileHandle CreateUnnamed()
        {
            var path = Path.Combine(Path.GetTempPath(), $"lazykick-{Environment.ProcessId}-{Guid.NewGuid():N}");
            var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            File.Delete(path);
            return file;
        }
    }
}
