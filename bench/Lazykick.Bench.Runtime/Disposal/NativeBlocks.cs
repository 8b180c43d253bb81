using System.Runtime.InteropServices;

namespace Lazykick.Bench.Runtime.Disposal;

/// <summary>Native memory.</summary>
internal sealed unsafe class NativeBlocks : BlockKind
{
    public override nint Allocate()
    {
        var block = NativeMemory.AlignedAlloc(Size, 64);
        *(long*)block = 1;
        return (nint)block;
    }

    public override void Free(nint block) => NativeMemory.AlignedFree((void*)block);
}
