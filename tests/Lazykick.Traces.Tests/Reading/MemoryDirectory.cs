using Lazykick.Traces.Bytes;

namespace Lazykick.Traces.Tests.Reading;

/// <summary>A raw capture that is in memory.</summary>
internal sealed class MemoryDirectory(Dictionary<string, byte[]> files) : TraceDirectory
{
    public override string Name => "memory";

    public override IEnumerable<string> Files => files.Keys;

    public override ByteSource Open(string path) => new MemorySource(path, files[path]);
}
