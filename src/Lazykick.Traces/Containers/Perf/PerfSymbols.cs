using System.Buffers.Binary;
using Lazykick.Traces.Names;

namespace Lazykick.Traces.Containers.Perf;

/// <summary>
/// Finds the kallsyms of the kernel that a perf.data was recorded on, in this order: <c>FILE.kallsyms</c> beside the
/// trace; perf's cache (<c>~/.debug</c>), by build id; /proc/kallsyms, where the running kernel has that build id. A
/// kernel that lay elsewhere then (KASLR) is moved to where perf saw it; its modules are left out.
/// </summary>
internal static class PerfSymbols
{
    private const long LongestText = 64 << 20;

    public static SymbolTable Read(string traceFile, PerfKernelMap kernel)
    {
        foreach (var path in Candidates(traceFile, kernel.BuildId))
        {
            if (TryRead(path) is not { Length: > 0 } text)
                continue;
            var moved = 0L;
            if (kernel.Reference is { } reference && SymbolTable.FindAddress(text, reference) is { } here and not 0)
                moved = (long)(kernel.Address - here);
            var symbols = SymbolTable.Parse(text, moved);
            if (symbols.Count > 0)
                return symbols;
        }

        return SymbolTable.Empty;
    }

    /// <summary>
    /// The build id of the running kernel, out of the ELF notes that it shows; empty where it shows none.
    /// </summary>
    public static byte[] RunningBuildId(ReadOnlySpan<byte> notes)
    {
        const uint buildIdNote = 3;
        while (notes.Length >= 12)
        {
            var nameBytes = BinaryPrimitives.ReadUInt32LittleEndian(notes);
            var contentBytes = BinaryPrimitives.ReadUInt32LittleEndian(notes[4..]);
            var type = BinaryPrimitives.ReadUInt32LittleEndian(notes[8..]);
            var contentStart = 12 + (((long)nameBytes + 3) & ~3L);
            var end = contentStart + (((long)contentBytes + 3) & ~3L);
            if (end > notes.Length)
                break;
            if (type == buildIdNote && notes[12..].StartsWith("GNU\0"u8))
                return notes.Slice((int)contentStart, (int)contentBytes).ToArray();
            notes = notes[(int)end..];
        }

        return [];
    }

    private static IEnumerable<string> Candidates(string traceFile, byte[] buildId)
    {
        yield return traceFile + ".kallsyms";
        if (buildId.Length == 0)
            yield break;
        var id = Convert.ToHexStringLower(buildId);
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (home.Length > 0)
            yield return Path.Combine(home, ".debug", "[kernel.kallsyms]", id, "kallsyms");
        if (TryRead("/sys/kernel/notes") is { } notes && RunningBuildId(notes).AsSpan().SequenceEqual(buildId))
            yield return "/proc/kallsyms";
    }

    /// <summary>Reads a file whose length may not be known beforehand (procfs); null where it cannot be read.</summary>
    private static byte[]? TryRead(string path)
    {
        try
        {
            if (!File.Exists(path))
                return null;
            using var file = File.OpenRead(path);
            using var text = new MemoryStream();
            var buffer = new byte[1 << 16];
            for (int count; text.Length < LongestText && (count = file.Read(buffer)) > 0;)
                text.Write(buffer, 0, count);
            return text.ToArray();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
