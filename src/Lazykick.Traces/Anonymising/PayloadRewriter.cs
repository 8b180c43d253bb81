using System.Buffers.Binary;
using System.Text;
using Lazykick.Traces.Formats;

namespace Lazykick.Traces.Anonymising;

/// <summary>
/// Rewrites an event: what its format names as a number stays, addresses and tasks' names are replaced, everything else
/// becomes zeros. So nothing gets out that nobody thought of.
/// </summary>
internal sealed class PayloadRewriter(AddressMap addresses, TaskPseudonyms tasks)
{
    // Beyond are kernel addresses on every 64-bit machine; the last page is negative error numbers.
    private const ulong FirstKernelAddress = 0xffff000000000000;
    private const ulong FirstErrorNumber = unchecked((ulong)-4096);

    // A value of a system call may be an address of the process.
    private const long LargestPlainResult = 0xffff;

    /// <summary>The event with other contents of the same length.</summary>
    public byte[] Rewrite(EventFormat format, ReadOnlySpan<byte> payload)
    {
        var copy = new byte[payload.Length];
        foreach (var field in format.Fields)
        {
            if (field.Offset < 0 || field.Offset + field.Size > payload.Length)
                continue;
            if (field.Name == "buf" && format.Name == "print")
                CopyMark(field, payload, copy);
            else if (field.Kind == EventFieldKind.Scalar)
                CopyScalar(format, field, payload, copy);
            else if (field.IsCpuMask)
                CopyLocated(field, payload, copy, static bytes => bytes.ToArray());
            else if (field.Name.Contains("comm", StringComparison.Ordinal))
                CopyName(field, payload, copy);
            else if (field is { Name: "name", Kind: EventFieldKind.DataLocation } && format.System == "irq")
                CopyLocated(field, payload, copy, static bytes => bytes.ToArray());
            else if (!field.IsFixed)
                CopyLocated(field, payload, copy, static bytes => new byte[bytes.Length]);
            else if (format.Name == "kernel_stack")
                CopyStack(field, payload, copy);
        }

        tasks.Saw((int)(format.Find("common_pid")?.ReadInt64(payload) ?? 0));
        tasks.Saw((int)(format.Find("next_pid")?.ReadInt64(payload) ?? 0));
        return copy;
    }

    private void CopyScalar(EventFormat format, EventField field, ReadOnlySpan<byte> payload, byte[] copy)
    {
        var value = field.ReadUInt64(payload);
        if (field.Size == 8)
        {
            if (format.System == "raw_syscalls" && field.Name == "ret")
            {
                value = (long)value is >= -4096 and <= LargestPlainResult ? value : 0;
            }
            else if (field.Type.Contains("char *", StringComparison.Ordinal))
            {
                value = addresses.OfText(value);
            }
            else if (
                field.Type.Contains('*', StringComparison.Ordinal)
                || (value >= FirstKernelAddress && value < FirstErrorNumber && !field.IsSigned)
            )
            {
                value = addresses.Of(value);
            }
        }

        var to = copy.AsSpan(field.Offset, field.Size);
        switch (field.Size)
        {
            case 1:
                to[0] = (byte)value;
                break;
            case 2:
                BinaryPrimitives.WriteUInt16LittleEndian(to, (ushort)value);
                break;
            case 4:
                BinaryPrimitives.WriteUInt32LittleEndian(to, (uint)value);
                break;
            case 8:
                BinaryPrimitives.WriteUInt64LittleEndian(to, value);
                break;
        }
    }

    private void CopyStack(EventField field, ReadOnlySpan<byte> payload, byte[] copy)
    {
        for (var at = field.Offset; at + 8 <= payload.Length; at += 8)
        {
            var address = BinaryPrimitives.ReadUInt64LittleEndian(payload[at..]);
            BinaryPrimitives.WriteUInt64LittleEndian(copy.AsSpan(at), addresses.Of(address));
        }
    }

    private void CopyName(EventField field, ReadOnlySpan<byte> payload, byte[] copy)
    {
        if (field.IsFixed)
            Fill(copy.AsSpan(field.Offset, field.Size), tasks.Of(field.ReadText(payload)));
        else
            CopyLocated(field, payload, copy, static bytes => new byte[bytes.Length]);
    }

    // Marks of phases are what the analysis reads; other texts may say anything.
    private static void CopyMark(EventField field, ReadOnlySpan<byte> payload, byte[] copy)
    {
        var text = payload[field.Offset..];
        if (text.StartsWith("PHASE "u8))
            text.CopyTo(copy.AsSpan(field.Offset));
    }

    private static void CopyLocated(
        EventField field,
        ReadOnlySpan<byte> payload,
        byte[] copy,
        Func<ReadOnlySpan<byte>, byte[]> rewrite
    )
    {
        var bytes = field.ReadBytes(payload);
        payload.Slice(field.Offset, field.Size).CopyTo(copy.AsSpan(field.Offset));
        if (!bytes.IsEmpty && payload.Overlaps(bytes, out var offset))
            rewrite(bytes).CopyTo(copy.AsSpan(offset));
    }

    private static void Fill(Span<byte> to, string text)
    {
        to.Clear();
        var bytes = Encoding.UTF8.GetBytes(text);
        bytes.AsSpan(0, Math.Min(bytes.Length, to.Length - 1)).CopyTo(to);
    }
}
