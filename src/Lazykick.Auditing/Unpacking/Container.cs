using System.Text;
using Lazykick.Auditing.Bytes;

namespace Lazykick.Auditing.Unpacking;

/// <summary>
/// Takes the wrappings off: bzImage (Documentation/arch/x86/boot.rst), EFI zboot, arm64 Image, whole-file compression.
/// </summary>
public static class Container
{
    private const int MaxDepth = 4;

    /// <summary>Unwraps a file.</summary>
    /// <exception cref="ImageException">It is none of them, or damaged.</exception>
    public static UnpackedImage Open(IImageFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var words = new List<string>();
        for (var depth = 0; depth < MaxDepth; depth++)
        {
            if (file.Length < 64)
            {
                throw new ImageException($"{file.Length} bytes are no kernel image");
            }

            var head = file.Read(0, Math.Min(file.Length, 4096));
            var span = head.Memory.Span;
            if (span is [0x7f, (byte)'E', (byte)'L', (byte)'F', ..])
            {
                words.Add("ELF");
                return new UnpackedImage(file, string.Join(", ", words), IsRawArm64: false);
            }

            if (head.U32(4) == 0x676d697a)
            {
                words.Add("EFI zboot");
                file = Zboot(file, head, words);
            }
            else if (head.U32(56) == 0x644d5241)
            {
                words.Add("arm64 Image");
                return new UnpackedImage(file, string.Join(", ", words), IsRawArm64: true);
            }
            else if (head.Length >= 0x264 && head.U32(0x202) == 0x53726448)
            {
                words.Add("bzImage");
                file = BzImage(file, head, words);
            }
            else if (Decompressor.Recognise(span) is { } kind)
            {
                words.Add(kind);
                file = new MemoryFile(Decompressor.Unpack(file.Read(0, file.Length).Memory, 0));
            }
            else
            {
                throw new ImageException(
                    "no kernel image: expected ELF, a bzImage, an arm64 Image, an EFI zboot image, or one of these "
                        + "packed with gzip, xz or zstd"
                );
            }
        }

        throw new ImageException($"more than {MaxDepth} wrappings around one another");
    }

    private static MemoryFile Zboot(IImageFile file, ByteView head, List<string> words)
    {
        long offset = head.U32(8),
            size = head.U32(12);
        var packed = file.Read(offset, size).Memory;
        var kind = Encoding.ASCII.GetString(head.Span(24, 8)).TrimEnd('\0');
        words.Add(
            Decompressor.Recognise(packed.Span)
                ?? (kind.Length > 0 && kind.All(char.IsAsciiLetterOrDigit) ? kind : "unknown")
        );
        return new MemoryFile(Decompressor.Unpack(packed, offset));
    }

    private static MemoryFile BzImage(IImageFile file, ByteView head, List<string> words)
    {
        if (head.U16(0x206) < 0x208)
        {
            throw new ImageException(
                0x206,
                $"boot protocol {head.U16(0x206) >> 8}.{head.U16(0x206) & 0xff:d2}; 2.08 and later tell where the "
                    + "kernel is"
            );
        }

        long sectors = head.U8(0x1f1) == 0 ? 4 : head.U8(0x1f1);
        var offset = ((sectors + 1) * 512) + head.U32(0x248);
        var packed = file.Read(offset, head.U32(0x24c)).Memory;
        if (Decompressor.Recognise(packed.Span) is not { } kind)
        {
            throw new ImageException(offset, "the payload is packed in a way that is not known here; give vmlinux");
        }

        words.Add(kind);
        return new MemoryFile(Decompressor.Unpack(packed, offset));
    }
}
