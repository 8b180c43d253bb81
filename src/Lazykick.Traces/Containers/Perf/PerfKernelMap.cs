using System.Runtime.CompilerServices;
using System.Text;

namespace Lazykick.Traces.Containers.Perf;

/// <summary>
/// Which kernel a perf.data is of and where it lay in memory. perf stores no symbols: they come from a file beside it,
/// from perf's own cache, or from the running kernel, where the build id is the same.
/// </summary>
internal sealed class PerfKernelMap
{
    private const string KernelFile = "[kernel.kallsyms]";
    private const int BuildIdBytes = 20;

    /// <summary>Build id of the kernel, or empty.</summary>
    public byte[] BuildId { get; private set; } = [];

    /// <summary>A symbol whose address is known, usually _text; null where perf said none.</summary>
    public string? Reference { get; private set; }

    /// <summary>Address of <see cref="Reference"/> when the trace was recorded.</summary>
    public ulong Address { get; private set; }

    /// <summary>
    /// Takes PERF_RECORD_MMAP: pid, tid, address, length, page offset, file name. Of the kernel's the page offset is
    /// the address of the symbol that the name ends with.
    /// </summary>
    public unsafe void TakeMap(byte* record, int size)
    {
        const int nameOffset = 40;
        if (Reference is not null || size <= nameOffset || Unsafe.ReadUnaligned<int>(record + 8) != -1)
            return;
        var bytes = new ReadOnlySpan<byte>(record + nameOffset, size - nameOffset);
        var end = bytes.IndexOf((byte)0);
        var name = Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
        if (!name.StartsWith(KernelFile, StringComparison.Ordinal) || name.Length == KernelFile.Length)
            return;
        Reference = name[KernelFile.Length..];
        Address = Unsafe.ReadUnaligned<ulong>(record + 32);
    }

    /// <summary>Takes the feature BUILD_ID: records of pid, 24 bytes with the id, file name.</summary>
    public void TakeBuildIds(SectionCursor at)
    {
        while (at.Left > 36 && !at.IsBroken)
        {
            at.Skip(6);
            var size = at.ReadUInt16();
            if (size <= 36)
                return;
            at.Skip(4); // pid
            var id = at.ReadBytes(24);
            var name = Encoding.UTF8.GetString(at.ReadBytes((ulong)(size - 36))).TrimEnd('\0');
            if (!at.IsBroken && name.StartsWith(KernelFile, StringComparison.Ordinal))
                BuildId = id[..BuildIdBytes];
        }
    }
}
