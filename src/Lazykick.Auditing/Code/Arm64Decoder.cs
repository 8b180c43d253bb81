using System.Buffers.Binary;

namespace Lazykick.Auditing.Code;

/// <summary>
/// The classes of A64 instructions that an audit asks for (Arm ARM, section C4.1): control flow, barriers, hints, the
/// interrupt mask, atomics. Every other word counts as one that goes on to the next.
/// </summary>
public sealed class Arm64Decoder : IDecoder
{
    /// <inheritdoc/>
    public Insn Decode(ReadOnlySpan<byte> bytes, ulong address) =>
        bytes.Length < 4
            ? new Insn(address, 4, FlowKind.Undecoded, 0, Effects.None, 0)
            : Decode(BinaryPrimitives.ReadUInt32LittleEndian(bytes), address);

    /// <summary>Decodes a word.</summary>
    public static Insn Decode(uint word, ulong address)
    {
        var flow = FlowKind.Next;
        var target = 0UL;
        var effects = Effects.None;
        if ((word & 0x7c000000) == 0x14000000)
        {
            flow = word >> 31 == 0 ? FlowKind.Jump : FlowKind.Call;
            target = address + Offset(word, 0, 26);
        }
        else if ((word & 0xff000000) == 0x54000000)
        {
            // AL and NV are always taken; compilers do not write them.
            flow = (word & 14) == 14 ? FlowKind.Jump : FlowKind.Branch;
            target = address + Offset(word, 5, 19);
        }
        else if ((word & 0x7e000000) == 0x34000000)
        {
            flow = FlowKind.Branch;
            target = address + Offset(word, 5, 19);
        }
        else if ((word & 0x7e000000) == 0x36000000)
        {
            flow = FlowKind.Branch;
            target = address + Offset(word, 5, 14);
        }
        else if ((word & 0xfe1f0000) == 0xd61f0000)
        {
            flow = BranchRegister(word);
        }
        else if ((word & 0xff000000) == 0xd4000000)
        {
            (flow, effects) = Exception(word);
        }
        else if ((word & 0xffc00000) == 0xd5000000)
        {
            effects = System(word);
        }
        else if (IsAtomic(word))
        {
            effects = Effects.Atomic;
        }
        else if (word >> 16 == 0)
        {
            (flow, effects) = (FlowKind.Stop, Effects.Trap);
        }
        else if (IsLoad(word))
        {
            effects = Effects.Load;
        }

        return new Insn(address, 4, flow, target, effects, word);
    }

    /// <summary>The register that holds the address of an atomic.</summary>
    public static int AddressRegister(uint word) => (int)((word >> 5) & 31);

    private static ulong Offset(uint word, int shift, int bits) =>
        (ulong)((long)((ulong)((word >> shift) & ((1u << bits) - 1)) << (64 - bits)) >> (64 - bits) << 2);

    private static FlowKind BranchRegister(uint word) =>
        ((word >> 21) & 15) switch
        {
            0 or 8 => FlowKind.IndirectJump,
            1 or 9 => FlowKind.IndirectCall,
            2 => FlowKind.Return,
            4 => FlowKind.ExceptionReturn,
            _ => FlowKind.Undecoded,
        };

    private static (FlowKind Flow, Effects Effects) Exception(uint word) =>
        ((word >> 21) & 7, word & 3) switch
        {
            (1, 0) => (FlowKind.Stop, Effects.Trap),
            (2, 0) => (FlowKind.Stop, Effects.Trap),
            (0, 1 or 2 or 3) => (FlowKind.Next, Effects.None),
            _ => (FlowKind.Undecoded, Effects.None),
        };

    private static Effects System(uint word)
    {
        if ((word & 0xfffff01f) == 0xd503201f)
        {
            return ((word >> 5) & 0x7f) switch
            {
                1 or 2 => Effects.Relax,
                3 => Effects.Sleep,
                _ => Effects.None,
            };
        }

        if ((word & 0xffffffc0) == 0xd5031000)
        {
            return (word & 0x20) == 0 ? Effects.Relax : Effects.Sleep;
        }

        if ((word & 0xfffff01f) == 0xd503301f)
        {
            // DSB with options 0 and 4 is SSBB and PSSBB, which order speculation alone.
            var option = (word >> 8) & 15;
            return ((word >> 5) & 7) switch
            {
                1 => (option & 3) == 2 ? Effects.Dsb : Effects.None,
                4 => option is 0 or 4 ? Effects.None : Effects.Dsb,
                6 => Effects.Isb,
                _ => Effects.None,
            };
        }

        if ((word & 0xfffff01f) == 0xd503401f)
        {
            // DAIFSet, DAIFClr: bit 1 of the operand is I.
            var interrupts = ((word >> 8) & 2) != 0;
            return ((word >> 5) & 7) switch
            {
                6 when interrupts => Effects.Mask,
                7 when interrupts => Effects.Unmask,
                _ => Effects.None,
            };
        }

        // MSR DAIF, MSR ICC_PMR_EL1: what is written is not known here.
        return (word & 0xffffffe0) is 0xd51b4220 or 0xd5184600 ? Effects.Unmask : Effects.None;
    }

    private static bool IsAtomic(uint word)
    {
        // LDADD, LDCLR, LDEOR, LDSET, LDSMAX..., SWP; not LDAPR, which only reads, nor the reserved rows.
        if ((word & 0x3f200c00) == 0x38200000)
        {
            return (word & 0x8000) == 0 || ((word >> 12) & 7) == 0;
        }

        // CAS; CASP; STXR, STLXR; STXP, STLXP.
        return (word & 0x3fa07c00) == 0x08a07c00
            || (word & 0xbfa07c00) == 0x08207c00
            || (word & 0x3fe00000) == 0x08000000
            || (word & 0xbfe00000) == 0x88200000;
    }

    private static bool IsLoad(uint word)
    {
        // Load register, all addressing modes; load exclusive, acquire.
        if ((word & 0x3b000000) is 0x39000000 or 0x38000000)
        {
            return ((word >> 22) & 3) != 0 && (word & 0x04000000) == 0;
        }

        return (word & 0x3fc00000) is 0x08400000 or 0x08c00000;
    }
}
