namespace Lazykick.Traces.Formats;

/// <summary>
/// Byte offsets of the common fields of a record. Real-time kernels of the past had other ones than the mainline.
/// </summary>
internal readonly record struct RecordLayout(int Type, int Flags, int PreemptCount, int Pid)
{
    /// <summary>Mainline since 2.6.31: u16 type, u8 flags, u8 preempt count, s32 pid.</summary>
    public static RecordLayout Usual => new(0, 2, 3, 4);

    /// <summary>The shortest record that holds all four fields.</summary>
    public int MinimumLength => Math.Max(Math.Max(Type + 2, Pid + 4), Math.Max(Flags, PreemptCount) + 1);

    public static RecordLayout? TryFrom(EventFormat format)
    {
        if (
            format.Find("common_type") is not { Size: 2 } type
            || format.Find("common_flags") is not { Size: 1 } flags
            || format.Find("common_preempt_count") is not { Size: 1 } preemptCount
            || format.Find("common_pid") is not { Size: 4 } pid
        )
        {
            return null;
        }

        var layout = new RecordLayout(type.Offset, flags.Offset, preemptCount.Offset, pid.Offset);
        // The page walk reads these without a check of its own; 28 words is the longest record of the short form.
        return layout.MinimumLength <= 64 ? layout : null;
    }
}
