using System.Buffers.Binary;
using System.Numerics;

namespace Lazykick.Traces.Bytes.Codecs;

/// <summary>XXH64 with seed 0, whose low half is a frame's checksum.</summary>
internal sealed class XxHash64
{
    private const ulong P1 = 11400714785074694791,
        P2 = 14029467366897019727,
        P3 = 1609587929392839161,
        P4 = 9650029242287828579,
        P5 = 2870177450012600261;
    private const int StripeBytes = 32;

    private readonly byte[] _held = new byte[StripeBytes];
    private ulong _a,
        _b,
        _c,
        _d;
    private ulong _length;

    public XxHash64() => Reset();

    public void Reset()
    {
        unchecked
        {
            (_a, _b, _c, _d) = (P1 + P2, P2, 0, 0 - P1);
        }

        _length = 0;
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        var held = (int)(_length % StripeBytes);
        _length += (ulong)bytes.Length;
        if (held > 0)
        {
            var count = Math.Min(StripeBytes - held, bytes.Length);
            bytes[..count].CopyTo(_held.AsSpan(held));
            bytes = bytes[count..];
            if (held + count < StripeBytes)
                return;
            Stripe(_held);
        }

        for (; bytes.Length >= StripeBytes; bytes = bytes[StripeBytes..])
            Stripe(bytes);
        bytes.CopyTo(_held);
    }

    public ulong Finish()
    {
        unchecked
        {
            var hash = P5;
            if (_length >= StripeBytes)
            {
                hash =
                    BitOperations.RotateLeft(_a, 1)
                    + BitOperations.RotateLeft(_b, 7)
                    + BitOperations.RotateLeft(_c, 12)
                    + BitOperations.RotateLeft(_d, 18);
                hash = ((hash ^ Round(0, _a)) * P1) + P4;
                hash = ((hash ^ Round(0, _b)) * P1) + P4;
                hash = ((hash ^ Round(0, _c)) * P1) + P4;
                hash = ((hash ^ Round(0, _d)) * P1) + P4;
            }

            hash += _length;
            ReadOnlySpan<byte> rest = _held.AsSpan(0, (int)(_length % StripeBytes));
            for (; rest.Length >= 8; rest = rest[8..])
            {
                hash =
                    (BitOperations.RotateLeft(hash ^ Round(0, BinaryPrimitives.ReadUInt64LittleEndian(rest)), 27) * P1)
                    + P4;
            }

            if (rest.Length >= 4)
            {
                hash =
                    (BitOperations.RotateLeft(hash ^ (BinaryPrimitives.ReadUInt32LittleEndian(rest) * P1), 23) * P2)
                    + P3;
                rest = rest[4..];
            }

            foreach (var b in rest)
                hash = BitOperations.RotateLeft(hash ^ (b * P5), 11) * P1;
            hash = (hash ^ (hash >> 33)) * P2;
            hash = (hash ^ (hash >> 29)) * P3;
            return hash ^ (hash >> 32);
        }
    }

    private void Stripe(ReadOnlySpan<byte> bytes)
    {
        _a = Round(_a, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        _b = Round(_b, BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));
        _c = Round(_c, BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]));
        _d = Round(_d, BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]));
    }

    private static ulong Round(ulong state, ulong input) =>
        unchecked(BitOperations.RotateLeft(state + (input * P2), 31) * P1);
}
