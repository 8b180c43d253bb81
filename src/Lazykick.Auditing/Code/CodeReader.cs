using Lazykick.Auditing.Bytes;
using Lazykick.Auditing.Layout;

namespace Lazykick.Auditing.Code;

/// <summary>Decodes the instructions of an image, each once.</summary>
public sealed class CodeReader
{
    private readonly AddressSpace _space;
    private readonly IDecoder _decoder;
    private readonly Dictionary<ulong, Insn> _decoded = [];

    /// <summary>Makes a reader; it is not for several threads.</summary>
    public CodeReader(MachineKind machine, AddressSpace space)
    {
        ArgumentNullException.ThrowIfNull(space);
        _space = space;
        _decoder = machine == MachineKind.Arm64 ? new Arm64Decoder() : new X86Decoder();
    }

    /// <summary>Number of instructions that were decoded.</summary>
    public int Count => _decoded.Count;

    /// <summary>The instruction at an address.</summary>
    public Insn At(ulong address)
    {
        if (!_decoded.TryGetValue(address, out var insn))
        {
            insn = _decoder.Decode(_space.At(address), address);
            _decoded[address] = insn;
        }

        return insn;
    }
}
