namespace Lazykick.Checking.Litmus.Assembly;

/// <summary>Values of register operations, and the flags: N is bit 3, Z 2, C 1, V 0.</summary>
internal static class Arithmetic
{
    internal static long Compute(Operation operation, long left, long right) =>
        operation switch
        {
            Operation.Add or Operation.AtomicAdd => left + right,
            Operation.Subtract or Operation.AtomicSubtract => left - right,
            Operation.And => left & right,
            Operation.Or or Operation.AtomicOr => left | right,
            Operation.ExclusiveOr or Operation.AtomicExclusiveOr => left ^ right,
            Operation.BitClear or Operation.AtomicClear => left & ~right,
            Operation.Multiply => left * right,
            Operation.ShiftLeft => left << (int)(right & 63),
            Operation.AtomicSwap => right,
            _ => left,
        };

    /// <summary>A shifted operand, of 64 bits or of 32.</summary>
    internal static long Shift(long value, ShiftKind kind, int by, bool wide) =>
        kind switch
        {
            ShiftKind.LogicalRight => wide ? (long)((ulong)value >> by) : (uint)value >> by,
            ShiftKind.ArithmeticRight => wide ? value >> by : (int)value >> by,
            ShiftKind.RotateRight => wide
                ? (long)ulong.RotateRight((ulong)value, by)
                : uint.RotateRight((uint)value, by),
            _ => value << by,
        };

    internal static long Cut(long value, bool wide) => wide ? value : value & 0xFFFF_FFFF;

    internal static long Widen(long value, Extension extension) =>
        extension switch
        {
            Extension.SignedWord => (int)value,
            Extension.UnsignedWord => (uint)value,
            _ => value,
        };

    internal static long Flags(Operation operation, long left, long right, bool wide)
    {
        left = Cut(left, wide);
        right = Cut(right, wide);
        var result = Cut(Compute(operation, left, right), wide);
        var sign = wide ? long.MinValue : 0x8000_0000;
        var flags = ((result & sign) != 0 ? 8 : 0) | (result == 0 ? 4 : 0);
        if (operation == Operation.Subtract)
        {
            flags |= (ulong)left >= (ulong)right ? 2 : 0;
            flags |= ((left ^ right) & (left ^ result) & sign) != 0 ? 1 : 0;
        }
        else if (operation == Operation.Add)
        {
            flags |= (ulong)result < (ulong)left ? 2 : 0;
            flags |= (~(left ^ right) & (left ^ result) & sign) != 0 ? 1 : 0;
        }

        return flags;
    }

    internal static bool Holds(Comparison comparison, long flags)
    {
        bool n = (flags & 8) != 0,
            z = (flags & 4) != 0,
            c = (flags & 2) != 0,
            v = (flags & 1) != 0;
        return comparison switch
        {
            Comparison.Eq => z,
            Comparison.Ne => !z,
            Comparison.Cs => c,
            Comparison.Cc => !c,
            Comparison.Mi => n,
            Comparison.Pl => !n,
            Comparison.Vs => v,
            Comparison.Vc => !v,
            Comparison.Hi => c && !z,
            Comparison.Ls => !c || z,
            Comparison.Ge => n == v,
            Comparison.Lt => n != v,
            Comparison.Gt => !z && n == v,
            Comparison.Le => z || n != v,
            _ => true,
        };
    }
}
