namespace Lazykick.Auditing.Code;

/// <summary>Turns bytes into an instruction.</summary>
public interface IDecoder
{
    /// <summary>Decodes one.</summary>
    /// <param name="bytes">From the instruction on; possibly too few.</param>
    /// <param name="address">Its address.</param>
    /// <returns>The instruction; <see cref="FlowKind.Undecoded"/> where the bytes are none.</returns>
    Insn Decode(ReadOnlySpan<byte> bytes, ulong address);
}
