using System.Buffers.Binary;
using System.Text;

namespace Lazykick.Cli.Perfetto;

/// <summary>A protobuf message that is being written: the wire format, which is a page, without a library.</summary>
internal sealed class ProtoMessage
{
    private const int VarintType = 0;
    private const int Fixed64Type = 1;
    private const int LengthType = 2;

    private byte[] _bytes = new byte[256];
    private int _length;

    /// <summary>What was written since the last <see cref="Clear"/>.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>Begins anew.</summary>
    public ProtoMessage Clear()
    {
        _length = 0;
        return this;
    }

    /// <summary>A field of type uint64, uint32, bool or enum.</summary>
    public ProtoMessage Number(int field, ulong value)
    {
        Varint((uint)(field << 3 | VarintType));
        Varint(value);
        return this;
    }

    /// <summary>A field of type fixed64.</summary>
    public ProtoMessage Fixed(int field, ulong value)
    {
        Varint((uint)(field << 3 | Fixed64Type));
        Grow(8);
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan(_length), value);
        _length += 8;
        return this;
    }

    /// <summary>A field of type string.</summary>
    public ProtoMessage Text(int field, string value)
    {
        var size = Encoding.UTF8.GetByteCount(value);
        Varint((uint)(field << 3 | LengthType));
        Varint((uint)size);
        Grow(size);
        _length += Encoding.UTF8.GetBytes(value, _bytes.AsSpan(_length));
        return this;
    }

    /// <summary>A field that is a message.</summary>
    public ProtoMessage Message(int field, ProtoMessage message)
    {
        Varint((uint)(field << 3 | LengthType));
        Varint((uint)message._length);
        Grow(message._length);
        message.Bytes.CopyTo(_bytes.AsSpan(_length));
        _length += message._length;
        return this;
    }

    private void Varint(ulong value)
    {
        Grow(10);
        while (value > 0x7f)
        {
            _bytes[_length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _bytes[_length++] = (byte)value;
    }

    private void Grow(int more)
    {
        if (_length + more > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + more));
    }
}
