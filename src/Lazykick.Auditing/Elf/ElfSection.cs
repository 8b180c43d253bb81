namespace Lazykick.Auditing.Elf;

/// <summary>A section header.</summary>
/// <param name="Index">Its number.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type">SHT_*.</param>
/// <param name="Flags">SHF_*: 2 alloc, 4 code.</param>
/// <param name="Address">Link address; in a module, the one that was given to it here.</param>
/// <param name="Offset">Offset in the file.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Link">The section it refers to.</param>
/// <param name="Info">More of that.</param>
/// <param name="Align">Alignment.</param>
public sealed record ElfSection(
    int Index,
    string Name,
    uint Type,
    ulong Flags,
    ulong Address,
    long Offset,
    long Size,
    int Link,
    int Info,
    ulong Align
)
{
    /// <summary>The kernel loads it.</summary>
    public bool IsLoaded => (Flags & 2) != 0;

    /// <summary>It holds instructions.</summary>
    public bool IsCode => (Flags & 4) != 0;

    /// <summary>It has no bytes in the file.</summary>
    public bool IsEmpty => Type == 8;
}
