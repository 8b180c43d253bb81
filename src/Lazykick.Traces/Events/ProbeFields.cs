using Lazykick.Traces.Formats;

namespace Lazykick.Traces.Events;

/// <summary>
/// The fields of an event that a user declared as a kprobe in the group <c>lazykick</c>, for kernels without events of
/// senders (docs/reference/report.md has the lines). Only the targets are required.
/// </summary>
internal sealed class ProbeFields
{
    // struct __call_single_node (include/linux/smp_types.h): what is queued.
    private const ulong TypeMask = 0xF0;
    private const ulong IsWakeUp = 0x30;

    private static readonly string[] s_masks = ["mask", "mask1", "mask2", "mask3"];
    private readonly EventField? _cpu;
    private readonly EventField[] _masks;
    private readonly EventField? _function;
    private readonly EventField? _site;
    private readonly EventField? _condition;
    private readonly EventField? _flags;

    private ProbeFields(EventFormat format)
    {
        _cpu = format.Find("cpu");
        _masks = [.. s_masks.Select(format.Find).OfType<EventField>()];
        (_function, _site) = (format.Find("func"), format.Find("site"));
        (_condition, _flags) = (format.Find("cond"), format.Find("flags"));
    }

    /// <summary>The fields, or null where the event does not say whom it concerns.</summary>
    public static ProbeFields? Of(EventFormat format) =>
        new ProbeFields(format) is var fields && (fields._cpu is not null || fields._masks.Length > 0) ? fields : null;

    public ulong Function(ReadOnlySpan<byte> payload) => IsWake(payload) ? 0 : _function?.ReadUInt64(payload) ?? 0;

    public ulong Site(ReadOnlySpan<byte> payload) => _site?.ReadUInt64(payload) ?? 0;

    /// <summary>A list of wake-ups is queued, not a function.</summary>
    public bool IsWake(ReadOnlySpan<byte> payload) => (_flags?.ReadUInt64(payload) & TypeMask) == IsWakeUp;

    /// <summary>The kick asks a condition of each target first.</summary>
    public bool IsConditional(ReadOnlySpan<byte> payload) => _condition?.ReadUInt64(payload) is > 0;

    /// <summary>The CPUs, ascending.</summary>
    public List<int> Targets(ReadOnlySpan<byte> payload)
    {
        var targets = new List<int>();
        if (_cpu is not null)
            targets.Add((int)Math.Min(_cpu.ReadUInt64(payload), int.MaxValue));
        for (var word = 0; word < _masks.Length; word++)
        {
            var mask = _masks[word].ReadUInt64(payload);
            for (; mask != 0; mask &= mask - 1)
                targets.Add((64 * word) + System.Numerics.BitOperations.TrailingZeroCount(mask));
        }

        return targets;
    }
}
