using Lazykick.Auditing.Bytes;
using Lazykick.Auditing.Layout;
using Lazykick.Auditing.Types;

namespace Lazykick.Auditing.Tables;

/// <summary>How a row of .altinstructions (struct alt_instr) lies in memory.</summary>
/// <param name="Size">Bytes of a row.</param>
/// <param name="Feature">Offset of the feature's number.</param>
/// <param name="SiteLength">Offset of the original's length.</param>
/// <param name="ReplacementLength">Offset of the other's length.</param>
/// <param name="HasFlags">Flags of 16 bits follow the feature.</param>
/// <param name="How">What it is known by.</param>
internal sealed record AlternativeLayout(
    int Size,
    int Feature,
    int SiteLength,
    int ReplacementLength,
    bool HasFlags,
    string How
)
{
    private const int Sample = 2000;

    /// <summary>The layout of BTF, or null where the structure is not as it is read here.</summary>
    public static AlternativeLayout? Of(StructLayout type) =>
        type.Offset("instr_offset", "orig_offset") == 0
        && type.Offset("repl_offset", "alt_offset") == 4
        && type.Offset("cpuid", "ft_flags", "cpufeature", "cpucap") is { } feature
        && type.Offset("instrlen", "orig_len") is { } site
        && type.Offset("replacementlen", "alt_len") is { } replacement
        && Math.Max(site, replacement) < type.Size
            ? new AlternativeLayout(type.Size, feature, site, replacement, site - feature >= 4, "by BTF")
            : null;

    /// <summary>Without BTF: the layout of which the addresses fit.</summary>
    public static AlternativeLayout ThatFits(MachineKind machine, AddressSpace space, LocatedTable table)
    {
        return machine == MachineKind.Arm64 || Fits(12) >= Fits(14) ? Plain(12) : Plain(14);

        int Fits(int size)
        {
            var bytes = table.Bytes;
            if (bytes.Length % size != 0 && bytes.Length / size < 4)
            {
                return 0;
            }

            var rows = Math.Min(bytes.Length / size, Sample);
            var hits = 0;
            for (var i = 0; i < rows; i++)
            {
                var at = (long)i * size;
                hits +=
                    space.IsCode(TableRows.Relative(table.Address + (ulong)at, bytes.S32(at)))
                    && bytes.U8(at + size - 1) <= bytes.U8(at + size - 2) + 64
                        ? 1
                        : 0;
            }

            return rows == 0 ? 0 : hits * 1000 / rows;
        }
    }

    private static AlternativeLayout Plain(int size) =>
        new(size, 8, size - 2, size - 1, size == 14, "by the layout of which the addresses fit");
}
