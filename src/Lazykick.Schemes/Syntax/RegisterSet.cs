namespace Lazykick.Schemes.Syntax;

/// <summary>A set of the general registers x0 to x30.</summary>
/// <param name="Bits">Bit n stands for xn.</param>
public readonly record struct RegisterSet(uint Bits)
{
    /// <summary>No register.</summary>
    public static RegisterSet Empty => default;

    /// <summary>True if there is none.</summary>
    public bool IsEmpty => Bits == 0;

    /// <summary>The registers of both.</summary>
    public RegisterSet Union(RegisterSet other) => new(Bits | other.Bits);

    /// <summary>The text form: x0-x7 x16.</summary>
    public override string ToString()
    {
        var parts = new List<string>();
        for (var n = 0; n < 31; n++)
        {
            if ((Bits >> n & 1) == 0)
                continue;
            var last = n;
            while (last < 30 && (Bits >> (last + 1) & 1) == 1)
                last++;
            parts.Add(last == n ? $"x{n}" : $"x{n}-x{last}");
            n = last;
        }

        return string.Join(' ', parts);
    }
}
