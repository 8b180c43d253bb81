using Lazykick.Traces.Bytes;
using Lazykick.Traces.Containers;
using Lazykick.Traces.Containers.Pages;
using Lazykick.Traces.Formats;

namespace Lazykick.Traces.Live;

/// <summary>One CPU of the machine as a stream that ends when the analysis does; it can be walked once.</summary>
internal sealed class LivePages(int cpu, LivePageReader reader, RecordLayout layout, DamageLog damage) : CpuStream(cpu)
{
    /// <summary>Unknown until the end.</summary>
    public override long Bytes => long.MaxValue;

    public override CpuEventCursor Open(EventDispatch dispatch, int blockBytes) =>
        new RingBufferCursor(Cpu, dispatch, layout, reader, damage);
}
