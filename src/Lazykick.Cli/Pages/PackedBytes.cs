using System.Buffers;

namespace Lazykick.Cli.Pages;

/// <summary>Numbers of any size as few bytes: seven bits each, the lowest first.</summary>
internal sealed class PackedBytes
{
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private ulong _last;

    /// <summary>Adds a number.</summary>
    public void Add(ulong value)
    {
        while (value > 0x7f)
        {
            Put((byte)(value | 0x80));
            value >>= 7;
        }

        Put((byte)value);
    }

    /// <summary>Adds a small number that is not negative.</summary>
    public void Add(int value) => Add((ulong)value);

    /// <summary>Adds the way from the last point in time that was added, forwards or back.</summary>
    public void AddTime(ulong time)
    {
        var way = unchecked((long)(time - _last));
        _last = time;
        Add(way >= 0 ? (ulong)way << 1 : ((ulong)-way << 1) - 1);
    }

    /// <summary>Adds the way from one point in time to a later one, and one; 0 where there is none.</summary>
    public void AddWay(ulong from, ulong? to) => Add(to is { } time ? Math.Max(time, from) - from + 1 : 0);

    /// <summary>Copies all bytes to a stream.</summary>
    public void CopyTo(Stream output) => output.Write(_bytes.WrittenSpan);

    private void Put(byte value)
    {
        _bytes.GetSpan(1)[0] = value;
        _bytes.Advance(1);
    }
}
