using System.Buffers.Binary;
using Lazykick.Auditing.Bytes;
using Lazykick.Auditing.Images;
using Lazykick.Auditing.Layout;

namespace Lazykick.Auditing.Walking;

/// <summary>
/// Which functions can reach an atomic on the state: callers of callers, without limit in text for windows, over at
/// most two functions of ordinary text. Found by a scan of all text for calls and jumps; on x86 a byte in the middle of
/// an instruction may look like one, which only makes the set larger.
/// </summary>
internal static class CallGraph
{
    private const int MostOrdinary = 2;

    // A multiple of an arm64 instruction. A call of x86 that begins in a part may end in the next.
    private const ulong Part = 1 << 20;

    public static HashSet<ulong> Reaching(KernelImage image, IEnumerable<ulong> targets)
    {
        var hops = targets.Distinct().ToDictionary(t => t, _ => 0);
        var frontier = hops.Keys.ToHashSet();
        while (frontier.Count > 0)
        {
            var next = new HashSet<ulong>();
            Scan(
                image,
                frontier,
                (site, target) =>
                {
                    if (image.Symbols.FunctionAt(site, out _) is not { } caller)
                    {
                        return;
                    }

                    var distance = hops[target] + (image.Sections.IsQuiet(caller.Address) ? 0 : 1);
                    if (distance <= MostOrdinary && (!hops.TryGetValue(caller.Address, out var old) || distance < old))
                    {
                        hops[caller.Address] = distance;
                        next.Add(caller.Address);
                    }
                }
            );
            frontier = next;
        }

        return [.. hops.Keys];
    }

    /// <summary>Every direct call and jump in text to one of the targets.</summary>
    public static void Scan(KernelImage image, HashSet<ulong> targets, Action<ulong, ulong> found)
    {
        // Most calls go elsewhere: a bit for each target's middle bits rejects them without a look-up.
        var bits = new ulong[1024];
        foreach (var target in targets)
        {
            bits[(target >> 10) & 1023] |= 1UL << (int)((target >> 4) & 63);
        }

        foreach (var region in image.Space.Regions)
        {
            var (from, to) = (region.Address, region.End);
            if (region.Name == "Image")
            {
                (from, to) = (image.Sections.Text.Start, image.Sections.Text.End);
            }
            else if (!region.IsCode || region.Name is ".data" or ".init.text" or ".exit.text" or ".altinstr_aux")
            {
                continue;
            }

            if (from < region.Address || to > region.End || from >= to)
            {
                continue;
            }

            Parts(image.Machine, region, from, to, bits, targets, found);
        }
    }

    /// <summary>The text in parts, on all processors. What is found is reported by address.</summary>
    private static void Parts(
        MachineKind machine,
        MemoryRegion region,
        ulong from,
        ulong to,
        ulong[] bits,
        HashSet<ulong> targets,
        Action<ulong, ulong> found
    )
    {
        var count = (int)((to - from + Part - 1) / Part);
        var calls = new List<(ulong Site, ulong Target)>[count];
        Parallel.For(
            0,
            count,
            part =>
            {
                var start = from + ((ulong)part * Part);
                var bytes = region.Bytes.AsSpan((int)(start - region.Address), (int)(to - start));
                calls[part] = [];
                if (machine == MachineKind.Arm64)
                {
                    ScanArm64(bytes, start, bits, targets, calls[part]);
                }
                else
                {
                    ScanX86(bytes, start, bits, targets, calls[part]);
                }
            }
        );
        foreach (var (site, target) in calls.SelectMany(c => c))
        {
            found(site, target);
        }
    }

    private static void ScanArm64(
        ReadOnlySpan<byte> bytes,
        ulong address,
        ulong[] bits,
        HashSet<ulong> targets,
        List<(ulong Site, ulong Target)> found
    )
    {
        for (var at = 0; at + 4 <= bytes.Length && at < (int)Part; at += 4)
        {
            var word = BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
            if ((word & 0x7c000000) == 0x14000000)
            {
                var here = address + (ulong)at;
                Report(here, here + (ulong)((long)((ulong)word << 38) >> 36), bits, targets, found);
            }
        }
    }

    private static void ScanX86(
        ReadOnlySpan<byte> bytes,
        ulong address,
        ulong[] bits,
        HashSet<ulong> targets,
        List<(ulong Site, ulong Target)> found
    )
    {
        for (var at = 0; at + 5 <= bytes.Length && at < (int)Part; at++)
        {
            if (bytes[at] is 0xe8 or 0xe9 || (bytes[at] is >= 0x80 and <= 0x8f && (at == 0 || bytes[at - 1] == 0x0f)))
            {
                var here = address + (ulong)at;
                Report(
                    here,
                    here + 5 + (ulong)(long)BinaryPrimitives.ReadInt32LittleEndian(bytes[(at + 1)..]),
                    bits,
                    targets,
                    found
                );
            }
        }
    }

    private static void Report(
        ulong site,
        ulong target,
        ulong[] bits,
        HashSet<ulong> targets,
        List<(ulong Site, ulong Target)> found
    )
    {
        if ((bits[(target >> 10) & 1023] & (1UL << (int)((target >> 4) & 63))) != 0 && targets.Contains(target))
        {
            found.Add((site, target));
        }
    }
}
