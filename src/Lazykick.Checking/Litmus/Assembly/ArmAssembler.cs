using Lazykick.Checking.Litmus.Reading;

namespace Lazykick.Checking.Litmus.Assembly;

/// <summary>AArch64 instructions as text to the common form.</summary>
internal static class ArmAssembler
{
    internal static LitmusInstruction Parse(string text, LitmusPosition position)
    {
        var line = new AssemblyLine(text, position);
        return ArmMemoryAssembler.TryParse(line) ?? Plain(line);
    }

    private static LitmusInstruction Plain(AssemblyLine line)
    {
        var make = new LitmusInstruction
        {
            Operation = Operation.Nop,
            Text = line.Text,
            Position = line.Position,
        };
        switch (line.Mnemonic)
        {
            case "NOP":
                return make;
            case "MOV" or "MOVZ" or "MOVK":
                return Move(line, make);
            case "MVN":
                line.Expect(2);
                return Result(line, make) with
                {
                    Operation = Operation.ExclusiveOr,
                    Left = Operand.Of(-1),
                    Right = Source(line, 1),
                };
            case "NEG":
                line.Expect(2);
                return Result(line, make) with { Operation = Operation.Subtract, Right = Source(line, 1) };
            case "SXTW" or "UXTW":
                line.Expect(2);
                return Result(line, make) with
                {
                    Operation = Operation.Add,
                    Right = Source(line, 1),
                    Extension = line.Mnemonic == "SXTW" ? Extension.SignedWord : Extension.UnsignedWord,
                };
            case "MUL":
                line.Expect(3);
                return Result(line, make) with
                {
                    Operation = Operation.Multiply,
                    Left = Source(line, 1),
                    Right = Source(line, 2),
                };
            case "LSR" or "ASR" or "ROR":
                return ShiftRight(line, make);
            case "ADD" or "SUB" or "AND" or "ORR" or "EOR" or "BIC" or "ADDS" or "SUBS" or "ANDS" or "LSL":
                return Arithmetic(line, make, line.Mnemonic);
            case "CMP":
                return Compare(line, make, Operation.Subtract);
            case "CMN":
                return Compare(line, make, Operation.Add);
            case "TST":
                return Compare(line, make, Operation.And);
            case "CSEL" or "CSINC":
                line.Expect(4);
                return Result(line, make) with
                {
                    Operation = Operation.Select,
                    Left = Source(line, 1),
                    Right = Source(line, 2),
                    Increment = line.Mnemonic == "CSINC" ? 1 : 0,
                    Comparison = Condition(line, line[3]),
                };
            case "CSET":
                line.Expect(2);
                return Result(line, make) with
                {
                    Operation = Operation.Select,
                    Left = Operand.Of(1),
                    Comparison = Condition(line, line[1]),
                };
            case "ADR":
                line.Expect(2);
                var address = Result(line, make) with { Operation = Operation.Move, IsRelative = true };
                return line[1].StartsWith('.')
                    ? To(address, line[1])
                    : address with
                    {
                        Left = Operand.Address(line[1]),
                    };
            case "ISB":
                return make with { Operation = Operation.Synchronise };
            case "SVC":
                return make with { Operation = Operation.SupervisorCall };
            case "ERET":
                return make with { Operation = Operation.ExceptionReturn, Left = Operand.Reg(Registers.ExceptionLink) };
            case "UDF":
                return make with { Operation = Operation.Undefined };
            case "MSR" or "MRS":
                return SystemRegister(line, make);
            default:
                return Branch(line, make);
        }
    }

    private static LitmusInstruction Branch(AssemblyLine line, LitmusInstruction make)
    {
        switch (line.Mnemonic)
        {
            case "B":
                line.Expect(1);
                return To(make with { Operation = Operation.Branch }, line[0]);
            case "BL":
                line.Expect(1);
                return To(make with { Operation = Operation.Branch, Destination = Registers.Link }, line[0]);
            case "CBZ" or "CBNZ":
                line.Expect(2);
                var operation = line.Mnemonic == "CBZ" ? Operation.BranchIfZero : Operation.BranchIfNotZero;
                return To(make with { Operation = operation, Left = Source(line, 0), Wide = IsWide(line, 0) }, line[1]);
            case "TBZ" or "TBNZ":
                line.Expect(3);
                var bit = Number(line[1]) is >= 0 and < 64 and { } tested
                    ? (int)tested
                    : throw line.Bad("a bit such as #3 is expected");
                var test = line.Mnemonic == "TBZ" ? Operation.BranchIfZero : Operation.BranchIfNotZero;
                return To(
                    make with
                    {
                        Operation = test,
                        Left = Source(line, 0),
                        Wide = true,
                        TestedBit = bit,
                    },
                    line[2]
                );
            case "BR" or "BLR":
                line.Expect(1);
                var link = line.Mnemonic == "BLR" ? Registers.Link : Registers.None;
                return make with { Operation = Operation.BranchRegister, Left = Source(line, 0), Destination = link };
            case "RET":
                var left = line.Operands.Count == 0 ? Operand.Reg(Registers.Link) : Source(line, 0);
                return make with { Operation = Operation.BranchRegister, Left = left };
        }

        if (line.Mnemonic.StartsWith("B.", StringComparison.Ordinal))
        {
            line.Expect(1);
            return To(
                make with
                {
                    Operation = Operation.BranchIf,
                    Comparison = Condition(line, line.Mnemonic[2..]),
                },
                line[0]
            );
        }

        throw line.Unknown();
    }

    private static LitmusInstruction To(LitmusInstruction branch, string target)
    {
        if (!target.StartsWith('.'))
            return branch with { Label = target };
        var distance = 0L;
        var valid =
            target.Length == 1
            || (
                target[1] is '+' or '-'
                && LitmusScanner.TryParse(target[2..], out distance)
                && distance % 4 == 0
                && distance < 4096
            );
        if (!valid)
            throw new LitmusException(branch.Position, $"'{branch.Text}': a distance such as .+8 is expected");
        return branch with { Distance = (int)(target.Length > 1 && target[1] == '-' ? -distance : distance) / 4 };
    }

    // MOV X0,#1 and MOVZ X0,#1,LSL #16; MOVK leaves the other bits as they are.
    private static LitmusInstruction Move(AssemblyLine line, LitmusInstruction make)
    {
        var shift = 0;
        if (line.Operands.Count == 3)
        {
            (var extension, var kind, shift) = ReadExtension(line, line[2]);
            if (line.Mnemonic == "MOV" || kind != ShiftKind.Left || extension != Extension.None || shift % 16 != 0)
                throw line.Bad("LSL #16, #32 or #48 is expected");
            line.Operands.RemoveAt(2);
        }

        line.Expect(2);
        var result = Result(line, make);
        if (line.Mnemonic == "MOVK")
        {
            return result with
            {
                Operation = Operation.MoveKeep,
                Left = Operand.Reg(result.Destination),
                Right = Immediate(line, 1),
                Shift = shift,
            };
        }

        return shift == 0
            ? result with
            {
                Operation = Operation.Move,
                Left = Source(line, 1),
            }
            : result with
            {
                Operation = Operation.Move,
                Left = Operand.Of(Immediate(line, 1).Number << shift),
            };
    }

    private static Operand Immediate(AssemblyLine line, int operand) =>
        Number(line[operand]) is >= 0 and <= 0xFFFF and { } number
            ? Operand.Of(number)
            : throw line.Bad("a number of 16 bits is expected");

    private static LitmusInstruction ShiftRight(AssemblyLine line, LitmusInstruction make)
    {
        line.Expect(3);
        if (Number(line[2]) is not (>= 0 and < 64 and { } by))
            throw LitmusException.Unsupported(line.Position, $"'{line.Text}' (a shift by a register)");
        return Result(line, make) with
        {
            Operation = Operation.Or,
            Right = Source(line, 1),
            ShiftKind = KindOf(line.Mnemonic),
            Shift = (int)by,
        };
    }

    private static ShiftKind KindOf(string name) =>
        name switch
        {
            "LSR" => ShiftKind.LogicalRight,
            "ASR" => ShiftKind.ArithmeticRight,
            "ROR" => ShiftKind.RotateRight,
            _ => ShiftKind.Left,
        };

    private static LitmusInstruction Arithmetic(AssemblyLine line, LitmusInstruction make, string mnemonic)
    {
        var shift = 0;
        var extension = Extension.None;
        var kind = ShiftKind.Left;
        if (line.Operands.Count == 4)
        {
            (extension, kind, shift) = ReadExtension(line, line[3]);
            line.Operands.RemoveAt(3);
        }

        line.Expect(3);
        return Result(line, make) with
        {
            Operation = mnemonic.TrimEnd('S') switch
            {
                "ADD" => Operation.Add,
                "SUB" => Operation.Subtract,
                "AND" => Operation.And,
                "ORR" => Operation.Or,
                "EOR" => Operation.ExclusiveOr,
                "BIC" => Operation.BitClear,
                _ => Operation.ShiftLeft,
            },
            SetsFlags = mnemonic.EndsWith('S'),
            Left = Source(line, 1),
            Right = Source(line, 2),
            Shift = shift,
            ShiftKind = kind,
            Extension = extension,
        };
    }

    /// <summary>
    /// What follows a register operand: <c>LSL #2</c> (a blank between may be missing), <c>ASR #1</c>, <c>SXTW</c>,
    /// <c>UXTW #2</c>.
    /// </summary>
    internal static (Extension Extension, ShiftKind Kind, int Shift) ReadExtension(AssemblyLine line, string text)
    {
        const string Expected = "SXTW, UXTW, LSL, LSR, ASR or ROR is expected";
        var words = text.Replace("#", " #", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length is 0 or > 2)
            throw line.Bad(Expected);
        var name = words[0].ToUpperInvariant();
        var extension = name switch
        {
            "SXTW" => Extension.SignedWord,
            "UXTW" => Extension.UnsignedWord,
            "LSL" or "LSR" or "ASR" or "ROR" or "SXTX" or "UXTX" => Extension.None,
            "SXTB" or "SXTH" or "UXTB" or "UXTH" => throw LitmusException.Unsupported(
                line.Position,
                $"'{line.Text}' ({name})"
            ),
            _ => throw line.Bad(Expected),
        };
        var shift = words.Length == 1 ? 0 : Number(words[1]) ?? -1;
        return shift is >= 0 and < 64
            ? (extension, KindOf(name), (int)shift)
            : throw line.Bad("a shift such as #2 is expected");
    }

    private static LitmusInstruction Compare(AssemblyLine line, LitmusInstruction make, Operation operation)
    {
        line.Expect(2);
        return make with
        {
            Operation = operation,
            SetsFlags = true,
            Left = Source(line, 0),
            Right = Source(line, 1),
            Wide = IsWide(line, 0),
        };
    }

    private static LitmusInstruction SystemRegister(AssemblyLine line, LitmusInstruction make)
    {
        line.Expect(2);
        var write = line.Mnemonic == "MSR";
        if (!line[write ? 0 : 1].Equals("ELR_EL1", StringComparison.OrdinalIgnoreCase))
            throw LitmusException.Unsupported(line.Position, $"system register {line[write ? 0 : 1]}");
        return write
            ? make with
            {
                Operation = Operation.Move,
                Wide = true,
                Destination = Registers.ExceptionLink,
                Left = Source(line, 1),
            }
            : Result(line, make) with
            {
                Operation = Operation.Move,
                Left = Operand.Reg(Registers.ExceptionLink),
            };
    }

    private static LitmusInstruction Result(AssemblyLine line, LitmusInstruction make)
    {
        if (
            line.Operands.Count == 0
            || !Registers.TryParse(LitmusArchitecture.AArch64, line[0], out var register, out var wide)
        )
        {
            throw line.Bad("the first operand must be a register");
        }

        return make with
        {
            Destination = register == Registers.Zero ? Registers.None : register,
            Wide = wide,
        };
    }

    internal static bool IsWide(AssemblyLine line, int operand) =>
        Registers.TryParse(LitmusArchitecture.AArch64, line[operand], out _, out var wide) && wide;

    internal static Operand Source(AssemblyLine line, int operand)
    {
        var text = line[operand];
        if (Registers.TryParse(LitmusArchitecture.AArch64, text, out var register, out _))
            return Operand.Reg(register);
        return Number(text) is { } number
            ? Operand.Of(number)
            : throw line.Bad($"'{text}' is no register and no number");
    }

    internal static long? Number(string text)
    {
        var digits = text.TrimStart('#');
        var negative = digits.StartsWith('-');
        return LitmusScanner.TryParse(negative ? digits[1..] : digits, out var value)
            ? negative
                ? -value
                : value
            : null;
    }

    private static Comparison Condition(AssemblyLine line, string text) =>
        text.ToUpperInvariant() switch
        {
            "HS" => Comparison.Cs,
            "LO" => Comparison.Cc,
            "AL" => Comparison.Always,
            var code
                when Enum.TryParse<Comparison>(code, ignoreCase: true, out var value)
                    && char.IsLetter(code[0])
                    && value != Comparison.Always => value,
            _ => throw line.Bad($"'{text}' is no condition"),
        };
}
