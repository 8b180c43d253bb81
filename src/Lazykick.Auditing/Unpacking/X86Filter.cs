using System.Buffers.Binary;

namespace Lazykick.Auditing.Unpacking;

/// <summary>
/// xz's x86 filter backwards: targets of calls and jumps, stored absolute so that they compress, become relative again.
/// </summary>
internal static class X86Filter
{
    public static void Decode(Span<byte> bytes)
    {
        // Which of the last bytes looked like an opcode decides whether this one is taken for an opcode.
        uint mask = 0;
        var previous = -5;
        for (var at = 0; at + 5 <= bytes.Length; at++)
        {
            if ((bytes[at] & 0xfe) != 0xe8)
            {
                continue;
            }

            var distance = at - previous;
            previous = at;
            if (distance > 5)
            {
                mask = 0;
            }
            else
            {
                for (var i = 0; i < distance; i++)
                {
                    mask = (mask & 0x77) << 1;
                }
            }

            if (!IsEnd(bytes[at + 4]) || !Allowed((mask >> 1) & 7) || (mask >> 1) >= 0x10)
            {
                mask |= 1;
                if (IsEnd(bytes[at + 4]))
                {
                    mask |= 0x10;
                }

                continue;
            }

            var source = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(at + 1)..]);
            uint target;
            while (true)
            {
                target = source - ((uint)at + 5);
                if (mask == 0)
                {
                    break;
                }

                var shift = Bit((mask >> 1) & 7) * 8;
                if (!IsEnd((byte)(target >> (24 - shift))))
                {
                    break;
                }

                source = target ^ ((1u << (32 - shift)) - 1);
            }

            target = (target & 0x01ffffff) | (0u - (target & 0x01000000));
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[(at + 1)..], target);
            at += 4;
            mask = 0;
        }
    }

    private static bool IsEnd(byte b) => b is 0 or 0xff;

    private static bool Allowed(uint bits) => bits is 0 or 1 or 2 or 4;

    private static int Bit(uint bits) =>
        bits switch
        {
            0 => 0,
            1 => 1,
            2 or 3 => 2,
            _ => 3,
        };
}
