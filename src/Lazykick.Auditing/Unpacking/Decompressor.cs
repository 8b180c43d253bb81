using System.IO.Compression;
using Lazykick.Auditing.Bytes;
using ZstdSharp;

namespace Lazykick.Auditing.Unpacking;

/// <summary>Unpacks gzip, xz and zstd, and stops at a limit whatever the packed bytes claim.</summary>
public static class Decompressor
{
    /// <summary>Largest result, 256 MiB: a kernel has some 40.</summary>
    public const int MaxSize = ImageFile.MaxPart;

    /// <summary>The name of the compression that the bytes begin with, or null.</summary>
    public static string? Recognise(ReadOnlySpan<byte> packed) =>
        packed switch
        {
            [0x1f, 0x8b, 8, ..] => "gzip",
            [0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, ..] => "xz",
            [0x28, 0xb5, 0x2f, 0xfd, ..] => "zstd",
            [0x04, 0x22, 0x4d, 0x18, ..] or [0x02, 0x21, 0x4c, 0x18, ..] => "lz4",
            [(byte)'B', (byte)'Z', (byte)'h', ..] => "bzip2",
            [0x5d, 0, 0, ..] => "lzma",
            [0x89, (byte)'L', (byte)'Z', (byte)'O', ..] => "lzo",
            _ => null,
        };

    /// <summary>Unpacks.</summary>
    /// <param name="packed">The bytes; what follows the end of the packed stream is left alone.</param>
    /// <param name="offset">Where they are in the file, for messages.</param>
    /// <exception cref="ImageException">They are damaged, too large, or packed in another way.</exception>
    public static ReadOnlyMemory<byte> Unpack(ReadOnlyMemory<byte> packed, long offset)
    {
        var kind = Recognise(packed.Span);
        try
        {
            switch (kind)
            {
                case "gzip":
                    using (var gzip = new GZipStream(new MemoryStream(packed.ToArray()), CompressionMode.Decompress))
                    {
                        return Drain(gzip, offset);
                    }

                case "xz":
                    return XzReader.Unpack(packed, MaxSize);

                case "zstd":
                    var frame = packed[..ZstdFrame.Length(new ByteView(packed), offset)];
                    using (
                        var decompressor = new DecompressionStream(new MemoryStream(frame.ToArray()), leaveOpen: false)
                    )
                    {
                        return Drain(decompressor, offset);
                    }

                case null:
                    throw new ImageException(offset, "no gzip, xz or zstd stream begins here");
                default:
                    throw new ImageException(
                        offset,
                        $"packed with {kind}: unpack the kernel with its own tool and give vmlinux"
                    );
            }
        }
        catch (Exception e) when (e is not ImageException and not OutOfMemoryException)
        {
            throw new ImageException(offset, $"the {kind} stream is damaged ({e.Message})");
        }
    }

    private static ReadOnlyMemory<byte> Drain(Stream stream, long offset)
    {
        var buffer = new byte[32 << 20];
        var length = 0;
        while (true)
        {
            if (length == buffer.Length)
            {
                if (length >= MaxSize)
                {
                    throw new ImageException(offset, $"more than {MaxSize:N0} bytes come out");
                }

                Array.Resize(ref buffer, Math.Min(MaxSize, buffer.Length * 2));
            }

            var n = stream.Read(buffer, length, buffer.Length - length);
            if (n == 0)
            {
                break;
            }

            length += n;
        }

        return buffer.AsMemory(0, length);
    }
}
