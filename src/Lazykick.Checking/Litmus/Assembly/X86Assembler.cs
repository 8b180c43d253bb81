using Lazykick.Checking.Litmus.Reading;
using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Litmus.Assembly;

/// <summary>X86_64 instructions in AT&amp;T order to the common form.</summary>
internal static class X86Assembler
{
    internal static LitmusInstruction Parse(string text, LitmusPosition position, bool targetFirst = false)
    {
        var locked = text.StartsWith("lock", StringComparison.OrdinalIgnoreCase);
        var line = new AssemblyLine(locked ? text[4..].TrimStart(' ', ';') : text, position);
        if (targetFirst)
            line.Operands.Reverse();
        var make = new LitmusInstruction
        {
            Operation = Operation.Nop,
            Text = text.Trim(),
            Position = position,
        };
        var (name, wide) = Width(line.Mnemonic);
        make = make with
        {
            Wide = wide ?? line.Operands.Any(o => Registers.TryParse(LitmusArchitecture.X86, o, out _, out var w) && w),
        };
        switch (name)
        {
            case "NOP" or "LFENCE" or "SFENCE":
                return make;
            case "MFENCE":
                return make with { Operation = Operation.Fence, Fence = BarrierKind.Mfence };
            case "MOV":
                return Move(line, make);
            case "XCHG":
                return Exchange(line, make);
            case "XADD":
                line.Expect(2);
                return To(
                    line,
                    make with
                    {
                        Operation = Operation.AtomicAdd,
                        Left = Source(line, 0),
                        Destination = Register(line, 0),
                    },
                    1,
                    locked
                );
            case "CMPXCHG":
                line.Expect(2);
                return To(
                    line,
                    make with
                    {
                        Operation = Operation.CompareSwap,
                        Left = Operand.Reg(0),
                        Right = Source(line, 0),
                        Destination = 0,
                        SetsFlags = true,
                    },
                    1,
                    locked
                );
            case "ADD" or "SUB" or "AND" or "OR" or "XOR":
                line.Expect(2);
                return Arithmetic(line, make, name, Source(line, 0), 1, locked);
            case "INC" or "DEC":
                line.Expect(1);
                return Arithmetic(line, make, name == "INC" ? "ADD" : "SUB", Operand.Of(1), 0, locked);
            case "CMP" or "TEST":
                line.Expect(2);
                return make with
                {
                    Operation = name == "CMP" ? Operation.Subtract : Operation.And,
                    SetsFlags = true,
                    Left = Source(line, 1),
                    Right = Source(line, 0),
                };
            case "JMP":
                line.Expect(1);
                return make with { Operation = Operation.Branch, Label = line[0] };
        }

        if (Condition(name) is not { } comparison)
            throw line.Unknown();
        line.Expect(1);
        return make with { Operation = Operation.BranchIf, Comparison = comparison, Label = line[0] };
    }

    private static (string Name, bool? Wide) Width(string mnemonic)
    {
        string[] bases =
        [
            "MOV",
            "XCHG",
            "XADD",
            "CMPXCHG",
            "ADD",
            "SUB",
            "AND",
            "OR",
            "XOR",
            "INC",
            "DEC",
            "CMP",
            "TEST",
        ];
        if (mnemonic.Length > 2 && mnemonic[^1] is 'L' or 'Q' && bases.Contains(mnemonic[..^1], StringComparer.Ordinal))
            return (mnemonic[..^1], mnemonic[^1] == 'Q');
        return (mnemonic, null);
    }

    private static LitmusInstruction Move(AssemblyLine line, LitmusInstruction make)
    {
        line.Expect(2);
        if (IsMemory(line[1]))
            return make with { Operation = Operation.Store, Left = Source(line, 0), Base = Address(line, 1) };
        var destination = Register(line, 1);
        return IsMemory(line[0])
            ? make with
            {
                Operation = Operation.Load,
                Destination = destination,
                Base = Address(line, 0),
            }
            : make with
            {
                Operation = Operation.Move,
                Destination = destination,
                Left = Source(line, 0),
            };
    }

    private static LitmusInstruction Exchange(AssemblyLine line, LitmusInstruction make)
    {
        line.Expect(2);
        var memory = IsMemory(line[0]) ? 0 : 1;
        var register = 1 - memory;
        return To(
            line,
            make with
            {
                Operation = Operation.AtomicSwap,
                Left = Source(line, register),
                Destination = Register(line, register),
            },
            memory,
            locked: true
        );
    }

    private static LitmusInstruction Arithmetic(
        AssemblyLine line,
        LitmusInstruction make,
        string name,
        Operand source,
        int target,
        bool locked
    )
    {
        if (IsMemory(line[target]))
        {
            return To(
                line,
                make with
                {
                    Left = source,
                    Operation = name switch
                    {
                        "ADD" => Operation.AtomicAdd,
                        "SUB" => Operation.AtomicSubtract,
                        "OR" => Operation.AtomicOr,
                        "XOR" => Operation.AtomicExclusiveOr,
                        _ => throw line.Unknown(),
                    },
                },
                target,
                locked
            );
        }

        var register = Register(line, target);
        return make with
        {
            Left = Operand.Reg(register),
            Right = source,
            Destination = register,
            SetsFlags = true,
            Operation = name switch
            {
                "ADD" => Operation.Add,
                "SUB" => Operation.Subtract,
                "AND" => Operation.And,
                "OR" => Operation.Or,
                _ => Operation.ExclusiveOr,
            },
        };
    }

    private static LitmusInstruction To(AssemblyLine line, LitmusInstruction make, int operand, bool locked)
    {
        if (!locked)
        {
            throw LitmusException.Unsupported(
                line.Position,
                $"'{line.Text}' without lock (a read and a write that are not atomic)"
            );
        }

        return make with
        {
            Base = Address(line, operand),
        };
    }

    private static bool IsMemory(string operand) => operand.StartsWith('(') || operand.StartsWith('[');

    private static Operand Address(AssemblyLine line, int operand)
    {
        var text = line[operand];
        if (!IsMemory(text) || !(text.EndsWith(')') || text.EndsWith(']')))
            throw line.Bad("an address such as (x) is expected");
        var inner = text[1..^1].Trim();
        if (Registers.TryParse(LitmusArchitecture.X86, inner, out var register, out _))
            return Operand.Reg(register);
        return inner.Length > 0 && inner.All(LitmusScanner.IsName)
            ? Operand.Address(inner)
            : throw line.Bad($"'{inner}' is no location");
    }

    private static int Register(AssemblyLine line, int operand) =>
        Registers.TryParse(LitmusArchitecture.X86, line[operand], out var register, out _)
            ? register
            : throw line.Bad($"'{line[operand]}' is no register");

    private static Operand Source(AssemblyLine line, int operand)
    {
        var text = line[operand];
        if (Registers.TryParse(LitmusArchitecture.X86, text, out var register, out _))
            return Operand.Reg(register);
        if (ArmAssembler.Number(text) is { } plain)
            return Operand.Of(plain);
        if (!text.StartsWith('$'))
            throw line.Bad($"'{text}' is no register and no number such as $1");
        if (ArmAssembler.Number(text[1..]) is { } number)
            return Operand.Of(number);
        return text.Length > 1 && text[1..].All(LitmusScanner.IsName)
            ? Operand.Address(text[1..])
            : throw line.Bad($"'{text}' is no number");
    }

    private static Comparison? Condition(string mnemonic) =>
        mnemonic switch
        {
            "JE" or "JZ" => Comparison.Eq,
            "JNE" or "JNZ" => Comparison.Ne,
            "JL" => Comparison.Lt,
            "JLE" => Comparison.Le,
            "JG" => Comparison.Gt,
            "JGE" => Comparison.Ge,
            "JB" => Comparison.Cc,
            "JAE" => Comparison.Cs,
            "JA" => Comparison.Hi,
            "JBE" => Comparison.Ls,
            "JS" => Comparison.Mi,
            "JNS" => Comparison.Pl,
            _ => null,
        };
}
