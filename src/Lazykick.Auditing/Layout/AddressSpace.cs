using System.Buffers.Binary;

namespace Lazykick.Auditing.Layout;

/// <summary>The image as the kernel sees it: what is at an address.</summary>
public sealed class AddressSpace
{
    private readonly MemoryRegion[] _regions;
    private MemoryRegion _last;

    /// <summary>Makes it of regions; where two overlap, the first by address wins.</summary>
    public AddressSpace(IEnumerable<MemoryRegion> regions)
    {
        _regions = [.. regions.Where(r => r.Bytes.Length > 0 && r.End > r.Address).OrderBy(r => r.Address)];
        _last = _regions.Length > 0 ? _regions[0] : new MemoryRegion("", 0, [], IsCode: false);
    }

    /// <summary>Its regions by address.</summary>
    public IReadOnlyList<MemoryRegion> Regions => _regions;

    /// <summary>The bytes from an address to the end of its region; empty where the image has nothing.</summary>
    public ReadOnlySpan<byte> At(ulong address)
    {
        var region = Find(address);
        return region is null ? default : region.Bytes.AsSpan((int)(address - region.Address));
    }

    /// <summary>The region of an address, or null.</summary>
    public MemoryRegion? Find(ulong address)
    {
        if (_last.Contains(address))
        {
            return _last;
        }

        int low = 0,
            high = _regions.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var region = _regions[middle];
            if (region.Contains(address))
            {
                return _last = region;
            }

            if (region.Address > address)
            {
                high = middle - 1;
            }
            else
            {
                low = middle + 1;
            }
        }

        return null;
    }

    /// <summary>Reads 32 bits.</summary>
    public bool TryRead32(ulong address, out uint value)
    {
        var bytes = At(address);
        value = bytes.Length >= 4 ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : 0;
        return bytes.Length >= 4;
    }

    /// <summary>Reads 64 bits.</summary>
    public bool TryRead64(ulong address, out ulong value)
    {
        var bytes = At(address);
        value = bytes.Length >= 8 ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0;
        return bytes.Length >= 8;
    }

    /// <summary>Is there code at this address?</summary>
    public bool IsCode(ulong address) => Find(address) is { IsCode: true };
}
