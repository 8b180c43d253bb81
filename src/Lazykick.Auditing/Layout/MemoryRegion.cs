using Lazykick.Auditing.Bytes;

namespace Lazykick.Auditing.Layout;

/// <summary>A stretch of the image at the address that it is linked at.</summary>
/// <param name="Name">The section, or how it is called here.</param>
/// <param name="Address">Address of its first byte.</param>
/// <param name="Bytes">What is there.</param>
/// <param name="IsCode">It holds instructions.</param>
public sealed record MemoryRegion(string Name, ulong Address, byte[] Bytes, bool IsCode)
{
    /// <summary>The address after its last byte.</summary>
    public ulong End => Address + (ulong)Bytes.Length;

    /// <summary>Does it hold this address?</summary>
    public bool Contains(ulong address) => address >= Address && address - Address < (ulong)Bytes.Length;

    /// <summary>Bounds-checked reads.</summary>
    public ByteView View => new(Bytes);
}
