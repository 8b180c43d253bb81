using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Lazykick;

/// <summary>The bytes of a mapped file, for as long as the read scope lasts in which they were read.</summary>
public readonly unsafe ref struct MappedView
{
    private readonly byte* _start;

    internal MappedView(byte* start, long length)
    {
        _start = start;
        Length = length;
    }

    /// <summary>Bytes in the file.</summary>
    public long Length { get; }

    /// <summary>All of it, up to what a span holds.</summary>
    /// <exception cref="InvalidOperationException">The file has 2 GiB or more; use <see cref="Slice"/>.</exception>
    public ReadOnlySpan<byte> Span
    {
        get
        {
            if (Length > int.MaxValue)
            {
                throw new InvalidOperationException(
                    $"The file has {Length} bytes, more than a span holds. Take slices."
                );
            }

            return new ReadOnlySpan<byte>(_start, (int)Length);
        }
    }

    /// <summary>A part.</summary>
    /// <param name="offset">Where it begins, in bytes.</param>
    /// <param name="length">How many bytes it has.</param>
    /// <exception cref="ArgumentOutOfRangeException">The part does not lie in the file.</exception>
    public ReadOnlySpan<byte> Slice(long offset, int length)
    {
        Check(offset, length);
        return new ReadOnlySpan<byte>(_start + offset, length);
    }

    /// <summary>One value, in the machine's byte order.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="offset">Where it begins, in bytes; it need not be aligned.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value does not lie in the file.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Read<T>(long offset)
        where T : unmanaged
    {
        Check(offset, sizeof(T));
        return Unsafe.ReadUnaligned<T>(_start + offset);
    }

    /// <summary>Consecutive values, in the machine's byte order.</summary>
    /// <typeparam name="T">Their type.</typeparam>
    /// <param name="offset">Where the first begins, in bytes.</param>
    /// <param name="count">How many there are.</param>
    /// <exception cref="ArgumentOutOfRangeException">They do not lie in the file.</exception>
    public ReadOnlySpan<T> Slice<T>(long offset, int count)
        where T : unmanaged
    {
        Check(offset, (long)count * sizeof(T));
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return MemoryMarshal.CreateReadOnlySpan(ref Unsafe.AsRef<T>(_start + offset), count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Check(long offset, long length)
    {
        // Unsigned: a negative offset is out of range by the same comparison.
        if ((ulong)offset > (ulong)Length || (ulong)length > (ulong)(Length - offset))
        {
            ThrowOutOfRange(offset, length);
        }
    }

    private void ThrowOutOfRange(long offset, long length) =>
        throw new ArgumentOutOfRangeException(
            nameof(offset),
            $"{length} bytes from {offset} on do not lie in a file of {Length} bytes."
                + (Length == 0 ? " The file is empty, or its slot has been disposed." : "")
        );
}
