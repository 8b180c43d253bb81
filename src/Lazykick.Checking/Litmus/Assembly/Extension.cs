namespace Lazykick.Checking.Litmus.Assembly;

/// <summary>How a register operand is widened before it is used.</summary>
internal enum Extension : byte
{
    None,
    SignedWord,
    UnsignedWord,
}
