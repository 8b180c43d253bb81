namespace Lazykick.Traces.Formats;

/// <summary>How the bytes of a field are found and read.</summary>
public enum EventFieldKind
{
    /// <summary>A number or pointer of 1, 2, 4 or 8 bytes at a fixed offset.</summary>
    Scalar,

    /// <summary>Several elements at a fixed offset.</summary>
    Array,

    /// <summary>
    /// <c>__data_loc</c>: a u32 whose low half is the offset from the start of the record and whose high half is the
    /// length.
    /// </summary>
    DataLocation,

    /// <summary>
    /// <c>__rel_loc</c>: as <see cref="DataLocation"/>, with the offset counted from the end of the u32.
    /// </summary>
    RelativeLocation,
}
