namespace Lazykick.Checking.Litmus.Assembly;

/// <summary>How an operand is shifted.</summary>
internal enum ShiftKind : byte
{
    Left,
    LogicalRight,
    ArithmeticRight,
    RotateRight,
}
