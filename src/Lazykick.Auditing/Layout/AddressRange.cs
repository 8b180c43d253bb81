namespace Lazykick.Auditing.Layout;

/// <summary>Addresses from <paramref name="Start"/> up to, not including, <paramref name="End"/>.</summary>
public readonly record struct AddressRange(ulong Start, ulong End)
{
    /// <summary>Is the address in it?</summary>
    public bool Contains(ulong address) => address >= Start && address < End;

    /// <summary>Number of bytes.</summary>
    public ulong Size => End > Start ? End - Start : 0;

    /// <summary>Nothing is in it.</summary>
    public bool IsEmpty => End <= Start;
}
