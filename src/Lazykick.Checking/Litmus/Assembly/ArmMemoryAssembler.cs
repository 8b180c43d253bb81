using Lazykick.Checking.Litmus.Reading;
using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Litmus.Assembly;

/// <summary>AArch64 loads, stores, atomics, barriers and cache maintenance.</summary>
internal static class ArmMemoryAssembler
{
    private static readonly (string Name, Operation Operation)[] _atomics =
    [
        ("ADD", Operation.AtomicAdd),
        ("SET", Operation.AtomicOr),
        ("CLR", Operation.AtomicClear),
        ("EOR", Operation.AtomicExclusiveOr),
    ];

    internal static LitmusInstruction? TryParse(AssemblyLine line)
    {
        var make = new LitmusInstruction
        {
            Operation = Operation.Load,
            Text = line.Text,
            Position = line.Position,
        };
        switch (line.Mnemonic)
        {
            case "LDR" or "LDUR":
                return Load(line, make);
            case "LDAR" or "LDAXR":
                return Load(line, make with { Flags = OrderFlags.Acquire | Exclusive(line) });
            case "LDXR":
                return Load(line, make with { Flags = OrderFlags.Exclusive });
            case "LDAPR" or "LDAPUR":
                return Load(line, make with { Flags = OrderFlags.AcquirePc });
            case "STR" or "STUR":
                return Store(line, make);
            case "STLR" or "STLUR":
                return Store(line, make with { Flags = OrderFlags.Release });
            case "STXR" or "STLXR":
                return StoreExclusive(line, make);
            case "CLREX":
                return make with { Operation = Operation.ClearExclusive, Flags = OrderFlags.Exclusive };
            case "DMB" or "DSB":
                return make with { Operation = Operation.Fence, Fence = Fence(line) };
            case "DC" or "IC":
                return Maintenance(line, make);
            default:
                return Swap(line, make) ?? Atomic(line, make);
        }
    }

    private static OrderFlags Exclusive(AssemblyLine line) =>
        line.Mnemonic.EndsWith("XR", StringComparison.Ordinal) ? OrderFlags.Exclusive : OrderFlags.None;

    private static LitmusInstruction Load(AssemblyLine line, LitmusInstruction make) =>
        Address(line, Destination(line, 0, make), 1);

    private static LitmusInstruction Store(AssemblyLine line, LitmusInstruction make) =>
        Address(
            line,
            make with
            {
                Operation = Operation.Store,
                Left = ArmAssembler.Source(line, 0),
                Wide = ArmAssembler.IsWide(line, 0),
            },
            1
        );

    private static LitmusInstruction StoreExclusive(AssemblyLine line, LitmusInstruction make)
    {
        line.Expect(3);
        var release = line.Mnemonic == "STLXR" ? OrderFlags.Release : OrderFlags.None;
        return Address(
            line,
            Destination(line, 0, make) with
            {
                Operation = Operation.StoreExclusive,
                Flags = OrderFlags.Exclusive | release,
                Left = ArmAssembler.Source(line, 1),
                Wide = ArmAssembler.IsWide(line, 1),
            },
            2
        );
    }

    private static LitmusInstruction Destination(AssemblyLine line, int operand, LitmusInstruction make)
    {
        if (
            line.Operands.Count <= operand
            || !Registers.TryParse(LitmusArchitecture.AArch64, line[operand], out var register, out var wide)
        )
        {
            throw line.Bad("a register is expected");
        }

        return make with
        {
            Destination = register == Registers.Zero ? Registers.None : register,
            Wide = wide,
        };
    }

    // SWP, CAS with A, L, AL; byte and pair forms are mixed-size and refused as unknown.
    private static LitmusInstruction? Swap(AssemblyLine line, LitmusInstruction make)
    {
        var name = line.Mnemonic.Length < 3 ? "" : line.Mnemonic[..3];
        if (name is not ("SWP" or "CAS") || Suffix(line.Mnemonic[3..]) is not { } flags)
            return null;
        line.Expect(3);
        var result = name == "SWP" ? 1 : 0;
        var atomic = Destination(line, result, make);
        return Address(
            line,
            Returning(atomic, flags) with
            {
                Operation = name == "SWP" ? Operation.AtomicSwap : Operation.CompareSwap,
                Left = ArmAssembler.Source(line, 0),
                Right = ArmAssembler.Source(line, 1),
            },
            2
        );
    }

    private static LitmusInstruction? Atomic(AssemblyLine line, LitmusInstruction make)
    {
        foreach (var (name, operation) in _atomics)
        {
            foreach (var prefix in (ReadOnlySpan<string>)["LD", "ST"])
            {
                if (
                    !line.Mnemonic.StartsWith(prefix + name, StringComparison.Ordinal)
                    || Suffix(line.Mnemonic[(2 + name.Length)..]) is not { } flags
                )
                {
                    continue;
                }

                var returns = prefix == "LD";
                if (!returns && (flags & OrderFlags.Acquire) != OrderFlags.None)
                    continue;
                line.Expect(returns ? 3 : 2);
                var atomic = returns ? Destination(line, 1, make) : make with { Wide = ArmAssembler.IsWide(line, 0) };
                return Address(
                    line,
                    Returning(atomic, flags) with
                    {
                        Operation = operation,
                        Left = ArmAssembler.Source(line, 0),
                    },
                    returns ? 2 : 1
                );
            }
        }

        return null;
    }

    // DDI0487: an atomic without a result is no acquire, and no read barrier orders it.
    private static LitmusInstruction Returning(LitmusInstruction atomic, OrderFlags flags) =>
        atomic.Destination == Registers.None
            ? atomic with
            {
                Flags = (flags & ~OrderFlags.Acquire) | OrderFlags.NoReturn,
            }
            : atomic with
            {
                Flags = flags,
            };

    private static OrderFlags? Suffix(string suffix) =>
        suffix switch
        {
            "" => OrderFlags.None,
            "A" => OrderFlags.Acquire,
            "L" => OrderFlags.Release,
            "AL" => OrderFlags.Acquire | OrderFlags.Release,
            _ => null,
        };

    private static BarrierKind Fence(AssemblyLine line)
    {
        var domain = line.Operands.Count == 0 ? "" : line[0].ToUpperInvariant();
        if (
            domain
            is not (
                "SY"
                or "ST"
                or "LD"
                or "ISH"
                or "ISHST"
                or "ISHLD"
                or "OSH"
                or "OSHST"
                or "OSHLD"
                or "NSH"
                or "NSHST"
                or "NSHLD"
            )
        )
        {
            throw line.Bad("a barrier needs one of SY, ISH, OSH, NSH, or these with LD or ST");
        }

        var dsb = line.Mnemonic == "DSB";
        if (domain.EndsWith("ST", StringComparison.Ordinal))
            return dsb ? BarrierKind.DsbStore : BarrierKind.DmbStore;
        if (domain.EndsWith("LD", StringComparison.Ordinal))
            return dsb ? BarrierKind.DsbLoad : BarrierKind.DmbLoad;
        return dsb ? BarrierKind.DsbFull : BarrierKind.DmbFull;
    }

    private static LitmusInstruction Maintenance(AssemblyLine line, LitmusInstruction make)
    {
        if (line.Operands.Count == 1)
        {
            throw LitmusException.Unsupported(
                line.Position,
                $"'{line.Text}' (maintenance by address only: DC CVAU, IC IVAU)"
            );
        }

        line.Expect(2);
        var operation = (line.Mnemonic, line[0].ToUpperInvariant()) switch
        {
            ("DC", "CVAU") => Operation.Clean,
            ("IC", "IVAU") => Operation.Invalidate,
            _ => throw line.Unknown(),
        };
        return make with { Operation = operation, Base = ArmAssembler.Source(line, 1), Wide = true };
    }

    private static LitmusInstruction Address(AssemblyLine line, LitmusInstruction make, int operand)
    {
        if (line.Operands.Count <= operand || !line[operand].StartsWith('['))
            throw line.Bad("an address such as [X1] is expected");
        var text = line[operand];
        var preIndex = text.EndsWith('!');
        text = text.TrimEnd('!');
        if (!text.EndsWith(']'))
            throw line.Bad("the address has no closing bracket");
        var parts = text[1..^1].Split(',', StringSplitOptions.TrimEntries);
        var post = line.Operands.Count == operand + 2 ? ArmAssembler.Number(line[operand + 1]) : 0;
        if (post is null || line.Operands.Count > operand + 2 || parts.Length > 3)
            throw line.Bad("this form of address is not understood");
        var (extension, kind, shift) =
            parts.Length < 3 ? (Extension.None, ShiftKind.Left, 0) : ArmAssembler.ReadExtension(line, parts[2]);
        if (kind != ShiftKind.Left)
            throw line.Bad("an index is shifted to the left");
        var result = make with
        {
            Base = Register(line, parts[0]),
            Index = Offset(line, parts),
            Shift = shift,
            Extension = extension,
        };
        if (!preIndex)
            return result with { WriteBack = post.Value };
        return result.Index.IsRegister
            ? throw line.Bad("write-back needs a number")
            : result with
            {
                WriteBack = result.Index.Number,
            };
    }

    private static Operand Offset(AssemblyLine line, string[] parts)
    {
        if (parts.Length == 1)
            return Operand.Zero;
        return ArmAssembler.Number(parts[1]) is { } number ? Operand.Of(number) : Register(line, parts[1]);
    }

    private static Operand Register(AssemblyLine line, string text) =>
        Registers.TryParse(LitmusArchitecture.AArch64, text, out var register, out _)
            ? Operand.Reg(register)
            : throw line.Bad($"'{text}' is no register");
}
