namespace Lazykick.Checking.Litmus;

/// <summary>How an operand is shifted.</summary>
internal enum ShiftKind : byte
{
    Left,
    LogicalRight,
    ArithmeticRight,
    RotateRight,
}
