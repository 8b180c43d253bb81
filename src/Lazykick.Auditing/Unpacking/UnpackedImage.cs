using Lazykick.Auditing.Bytes;

namespace Lazykick.Auditing.Unpacking;

/// <summary>What a file holds once its wrappings are off.</summary>
/// <param name="File">The kernel: ELF, or arm64's raw Image.</param>
/// <param name="Container">The wrappings, outermost first, in words: <c>bzImage, zstd, ELF</c>.</param>
/// <param name="IsRawArm64">It is a raw Image, not ELF.</param>
public sealed record UnpackedImage(IImageFile File, string Container, bool IsRawArm64);
