using Lazykick.Traces.Bytes;
using Lazykick.Traces.Bytes.Codecs;
using Lazykick.Traces.Formats;

namespace Lazykick.Traces.Containers.Pages;

/// <summary>The sub-buffers of one CPU in compressed pieces.</summary>
internal sealed class ChunkPages(
    int cpu,
    ByteSource source,
    long offset,
    long length,
    int pageSize,
    Compression compression,
    RecordLayout layout,
    DamageLog damage
) : CpuStream(cpu)
{
    public override long Bytes => length;

    public override CpuEventCursor Open(EventDispatch dispatch, int blockBytes) =>
        new RingBufferCursor(
            Cpu,
            dispatch,
            layout,
            new ChunkPageReader(source, offset, pageSize, blockBytes, compression, Cpu, damage),
            damage
        );
}
