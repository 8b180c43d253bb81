using System.Diagnostics;

namespace Lazykick.Bench.Runtime.Disposal;

/// <summary>What the library has for the purpose.</summary>
internal sealed class FileSlotScheme : DisposalScheme
{
    private readonly RcuDomain _domain = new();
    private readonly MappedFileSlot _slot;
    private readonly string _path;

    public FileSlotScheme(string path)
    {
        _path = path;
        _slot = new MappedFileSlot(_domain, path);
    }

    public override long Read(int reader)
    {
        using var scope = _domain.EnterRead();
        return _slot.Read(scope).Read<long>(0);
    }

    public override void Swap(nint block) => _slot.Open(_path);

    public override long Replace()
    {
        var begin = Stopwatch.GetTimestamp();
        Swap(0);
        return Stopwatch.GetTimestamp() - begin;
    }

    public override void Dispose()
    {
        _slot.Dispose();
        _domain.Dispose();
    }
}
