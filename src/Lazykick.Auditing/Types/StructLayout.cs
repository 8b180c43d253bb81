namespace Lazykick.Auditing.Types;

/// <summary>How a structure of the kernel lies in memory.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Members">Byte offsets by name; members of anonymous parts count as the structure's own.</param>
public sealed record StructLayout(int Size, IReadOnlyDictionary<string, int> Members)
{
    /// <summary>The offset of the first of these members that the structure has, or null.</summary>
    public int? Offset(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Members.TryGetValue(name, out var offset))
            {
                return offset;
            }
        }

        return null;
    }
}
