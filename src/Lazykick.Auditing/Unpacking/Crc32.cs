using System.Buffers.Binary;

namespace Lazykick.Auditing.Unpacking;

/// <summary>CRC-32 as xz and gzip have it.</summary>
internal static class Crc32
{
    // Eight tables take eight bytes at a step ("slicing by 8").
    private static readonly uint[][] s_tables = Tables();

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var t = s_tables;
        var crc = uint.MaxValue;
        while (bytes.Length >= 8)
        {
            var low = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ crc;
            var high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc =
                t[7][(byte)low]
                ^ t[6][(byte)(low >> 8)]
                ^ t[5][(byte)(low >> 16)]
                ^ t[4][low >> 24]
                ^ t[3][(byte)high]
                ^ t[2][(byte)(high >> 8)]
                ^ t[1][(byte)(high >> 16)]
                ^ t[0][high >> 24];
            bytes = bytes[8..];
        }

        foreach (var b in bytes)
        {
            crc = t[0][(byte)(crc ^ b)] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint[][] Tables()
    {
        var tables = new uint[8][];
        for (var table = 0; table < 8; table++)
        {
            tables[table] = new uint[256];
            for (uint i = 0; i < 256; i++)
            {
                var value = table == 0 ? i : tables[table - 1][i];
                for (var bit = 0; bit < 8; bit++)
                {
                    value = (value & 1) != 0 ? 0xedb88320 ^ (value >> 1) : value >> 1;
                }

                tables[table][i] = value;
            }
        }

        return tables;
    }
}
