using System.Buffers.Binary;
using Lazykick.Auditing.Bytes;
using Lazykick.Auditing.Layout;
using Lazykick.Auditing.Symbols;
using Lazykick.Auditing.Types;

namespace Lazykick.Auditing.Tables;

/// <summary>Layouts of the structures that an audit reads, from the image's own BTF.</summary>
public sealed class KernelLayouts
{
    private static readonly string[] s_wanted =
    [
        "alt_instr",
        "jump_entry",
        "static_call_site",
        "kernel_symbol",
        "context_tracking",
    ];

    private readonly IReadOnlyDictionary<string, StructLayout> _types;

    private KernelLayouts(IReadOnlyDictionary<string, StructLayout> types, string how)
    {
        _types = types;
        How = how;
        Alternative = types.TryGetValue("alt_instr", out var type) ? AlternativeLayout.Of(type) : null;
    }

    /// <summary>Where the layouts come from, in words.</summary>
    public string How { get; }

    /// <summary>Where in context_tracking the state of the EQS is; null where BTF does not tell.</summary>
    public int? StateOffset => _types.GetValueOrDefault("context_tracking")?.Offset("state");

    internal AlternativeLayout? Alternative { get; }

    /// <summary>Why rows of this size are not read: BTF has another. Null where it agrees or does not tell.</summary>
    internal string? Fits(string type, int size) =>
        _types.TryGetValue(type, out var layout) && layout.Size != size
            ? $"not read: struct {type} has {layout.Size} bytes in BTF, {size} are known here"
            : null;

    internal static KernelLayouts Of(AddressSpace space, SymbolTable symbols)
    {
        if (Bytes(space, symbols) is not { } bytes)
        {
            return new KernelLayouts(new Dictionary<string, StructLayout>(), "no BTF in the image");
        }

        try
        {
            var types = BtfReader.Read(bytes, s_wanted);
            return new KernelLayouts(types, $"BTF ({types.Count} of {s_wanted.Length} structures)");
        }
        catch (ImageException e)
        {
            return new KernelLayouts(
                new Dictionary<string, StructLayout>(),
                $"the image's BTF was not read ({e.Message})"
            );
        }
    }

    private static ByteView? Bytes(AddressSpace space, SymbolTable symbols)
    {
        if (
            symbols["__start_BTF"] is { } start
            && symbols["__stop_BTF"] is { } stop
            && space.Find(start) is { } region
            && stop > start
            && stop <= region.End
        )
        {
            return region.View.Slice((long)(start - region.Address), (long)(stop - start));
        }

        if (space.Regions.FirstOrDefault(r => r.Name == ".BTF") is { } section)
        {
            return section.View;
        }

        // A raw Image that names no data: by the header.
        foreach (var image in space.Regions.Where(r => r.Name == "Image"))
        {
            var words = image.Bytes.AsSpan();
            for (var at = 0; at + BtfReader.HeaderSize <= words.Length; at += 4)
            {
                if (
                    BinaryPrimitives.ReadUInt32LittleEndian(words[at..]) == 0x0001eb9f
                    && BtfReader.IsHeader(words[at..])
                )
                {
                    return image.View.Slice(at, words.Length - at);
                }
            }
        }

        return null;
    }
}
