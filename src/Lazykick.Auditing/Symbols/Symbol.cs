namespace Lazykick.Auditing.Symbols;

/// <summary>A name of the image.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="Name">The name.</param>
/// <param name="Kind">The letter of nm: t, T, d, D, r, R, b, B, A, w...</param>
public readonly record struct Symbol(ulong Address, string Name, char Kind)
{
    /// <summary>It names code.</summary>
    public bool IsCode => Kind is 't' or 'T' or 'w' or 'W';
}
