using Lazykick.Traces.Bytes;
using Lazykick.Traces.Formats;

namespace Lazykick.Traces.Containers.Perf;

/// <summary>The samples of one CPU in a perf.data.</summary>
internal sealed class PerfStream(
    ByteSource source,
    PerfCpu cpu,
    SampleLayouts layouts,
    RecordLayout layout,
    DamageLog damage
) : CpuStream(cpu.Cpu)
{
    public override long Bytes => cpu.Bytes;

    public override CpuEventCursor Open(EventDispatch dispatch, int blockBytes) =>
        new PerfCursor(source, cpu, layouts, layout, damage, dispatch, blockBytes);
}
