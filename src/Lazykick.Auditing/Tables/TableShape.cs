using Lazykick.Auditing.Bytes;

namespace Lazykick.Auditing.Tables;

/// <summary>How a table can be found.</summary>
/// <param name="Section">Its ELF section, which is its name in reports.</param>
/// <param name="Start">The symbol at its start.</param>
/// <param name="End">The symbol after its end.</param>
/// <param name="Size">Bytes of a row.</param>
internal sealed record TableShape(string Section, string Start, string End, int Size)
{
    /// <summary>Is there a row at an offset of a region that has this address? Null: rows cannot be told.</summary>
    public Func<ByteView, long, ulong, bool>? IsRow { get; init; }

    /// <summary>Fewer rows are no table, where it is found by its rows.</summary>
    public int Least { get; init; } = 500;

    /// <summary>Functions that walk the table: their text names its two ends.</summary>
    public IReadOnlyList<string> Readers { get; init; } = [];
}
