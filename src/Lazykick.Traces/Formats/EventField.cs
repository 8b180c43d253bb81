using System.Buffers.Binary;
using System.Text;

namespace Lazykick.Traces.Formats;

/// <summary>
/// One field of an event format. The reading methods never throw and never read outside the record: what a short or
/// damaged record does not hold reads as 0 or as empty.
/// </summary>
/// <param name="Name">Name, without the array suffix.</param>
/// <param name="Type">The kernel's text of the type, for example <c>void *</c> or <c>__data_loc cpumask_t</c>.</param>
/// <param name="Offset">Bytes from the start of the record.</param>
/// <param name="Size">Bytes of the field itself; 4 for located data.</param>
/// <param name="IsSigned">Whether a scalar is sign-extended.</param>
/// <param name="Kind">How the bytes are found.</param>
public sealed record EventField(string Name, string Type, int Offset, int Size, bool IsSigned, EventFieldKind Kind)
{
    /// <summary>
    /// The field is a set of CPUs: an array of 64-bit words, bit n = CPU n. Kernels before 7 spell the one of ipi_raise
    /// <c>unsigned long[] target_cpus</c>.
    /// </summary>
    public bool IsCpuMask { get; } =
        Type.Contains("cpumask", StringComparison.Ordinal)
        || (
            Type.Contains("unsigned long[]", StringComparison.Ordinal)
            && Name.EndsWith("cpus", StringComparison.Ordinal)
        );

    /// <summary>The field lies wholly in front of the variable part and is read at a fixed place.</summary>
    public bool IsFixed => Kind is EventFieldKind.Scalar or EventFieldKind.Array;

    /// <summary>The value of a scalar, zero-extended.</summary>
    public ulong ReadUInt64(ReadOnlySpan<byte> record)
    {
        if ((uint)Offset > (uint)record.Length || record.Length - Offset < Size)
            return 0;
        var at = record[Offset..];
        return Size switch
        {
            1 => at[0],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(at),
            4 => BinaryPrimitives.ReadUInt32LittleEndian(at),
            8 => BinaryPrimitives.ReadUInt64LittleEndian(at),
            _ => 0,
        };
    }

    /// <summary>The value of a scalar, extended by its sign where the format says that it has one.</summary>
    public long ReadInt64(ReadOnlySpan<byte> record)
    {
        var value = ReadUInt64(record);
        if (!IsSigned)
            return (long)value;
        return Size switch
        {
            1 => (sbyte)value,
            2 => (short)value,
            4 => (int)value,
            _ => (long)value,
        };
    }

    /// <summary>The bytes of the field; located data is followed.</summary>
    public ReadOnlySpan<byte> ReadBytes(ReadOnlySpan<byte> record)
    {
        if ((uint)Offset > (uint)record.Length || record.Length - Offset < Size)
            return default;
        if (IsFixed)
            return record.Slice(Offset, Size);
        if (Size < 4)
            return default;
        var location = BinaryPrimitives.ReadUInt32LittleEndian(record[Offset..]);
        var start = (int)(location & 0xFFFF) + (Kind == EventFieldKind.RelativeLocation ? Offset + 4 : 0);
        var length = (int)(location >> 16);
        return start <= record.Length && length <= record.Length - start ? record.Slice(start, length) : default;
    }

    /// <summary>The characters of a text field up to its zero byte. Bytes that are no UTF-8 become U+FFFD.</summary>
    public string ReadText(ReadOnlySpan<byte> record)
    {
        // A flexible array member (ftrace:print has char buf[]) has size 0 and reaches to the end of the record.
        var bytes =
            Size == 0 && Kind == EventFieldKind.Array && Offset <= record.Length ? record[Offset..] : ReadBytes(record);
        var end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }

    /// <summary>The CPUs of a mask field.</summary>
    public CpuMask ReadCpuMask(ReadOnlySpan<byte> record) => new(ReadBytes(record));
}
