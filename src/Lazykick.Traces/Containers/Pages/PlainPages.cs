using Lazykick.Traces.Bytes;
using Lazykick.Traces.Formats;

namespace Lazykick.Traces.Containers.Pages;

/// <summary>The sub-buffers of one CPU that lie one after another in a file.</summary>
internal sealed class PlainPages(
    int cpu,
    ByteSource source,
    long offset,
    long length,
    int pageSize,
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
            new PlainPageReader(source, offset, length, pageSize, blockBytes),
            damage
        );
}
