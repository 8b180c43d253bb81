namespace Lazykick.Traces.Bytes;

/// <summary>
/// A place of a trace that does not hold what its format asks for. Everything around it that can be read is still
/// delivered.
/// </summary>
/// <param name="File">The file of the trace: for a raw directory the file below it.</param>
/// <param name="Offset">Byte offset in the (decompressed) file, from 0.</param>
/// <param name="Expected">What the format asks for at that place, and what is there.</param>
/// <param name="Cpu">
/// The CPU whose events are affected, -1 for the trace as a whole, or <see cref="OfNames"/>.
/// </param>
public sealed record TraceDamage(string File, long Offset, string Expected, int Cpu = -1)
{
    /// <summary>For <see cref="Cpu"/>: names are missing, and all events are there.</summary>
    public const int OfNames = -2;

    /// <inheritdoc/>
    public override string ToString() => $"{File}: at byte {Offset}: {Expected}";
}
