namespace Lazykick.Checking.Litmus;

/// <summary>Reads the initial state between braces, and the values that conditions use too.</summary>
internal static class LitmusInitialReader
{
    internal static IReadOnlyList<LitmusInitial> Read(LitmusScanner scanner, LitmusArchitecture architecture)
    {
        var initial = new List<LitmusInitial>();
        scanner.Take("{");
        while (!scanner.TryTake("}"))
        {
            if (scanner.TryTake(";"))
                continue;
            ReadEntry(scanner, architecture, initial);
            if (scanner.TryTake("}"))
                break;
            scanner.Take(";");
        }

        return initial;
    }

    private static void ReadEntry(LitmusScanner scanner, LitmusArchitecture architecture, List<LitmusInitial> initial)
    {
        SkipType(scanner);
        var target = ReadTarget(scanner);
        scanner.SkipBlank();
        if (scanner.Current == '[')
            throw LitmusException.Unsupported(scanner.Position, "arrays");
        if (!scanner.TryTake("="))
            return;
        scanner.SkipBlank();
        if (scanner.Current is '{' or '(')
        {
            throw LitmusException.Unsupported(
                scanner.Position,
                scanner.Current == '{' ? "arrays" : "page table entries"
            );
        }

        initial.Add(new(target, ReadValue(scanner, architecture)));
    }

    // A declaration such as "ins_t *1:X1" or "uint64_t x": names and stars before the target.
    private static void SkipType(LitmusScanner scanner)
    {
        var start = scanner.Offset;
        if (scanner.TryName(out _))
        {
            scanner.SkipBlank();
            if (scanner.Current is not ('*' or '[') && !char.IsLetterOrDigit(scanner.Current) && scanner.Current != '_')
            {
                scanner.Offset = start;
                return;
            }

            if (scanner.Current == '[')
            {
                scanner.Offset = start;
                return;
            }
        }

        while (scanner.TryTake("*")) { }
    }

    internal static LitmusTarget ReadTarget(LitmusScanner scanner)
    {
        scanner.SkipBlank();
        var position = scanner.Position;
        if (scanner.TryTake("["))
        {
            if (!scanner.TryName(out var bracketed))
                throw scanner.Error($"expected the name of a location after '[' but found {scanner.Found()}");
            RejectPageTable(scanner, bracketed, position);
            scanner.Take("]");
            return new(-1, bracketed, position);
        }

        if (scanner.TryInteger(out var cpu))
            return ReadRegister(scanner, cpu, position);
        if (!scanner.TryName(out var name))
            throw scanner.Error($"expected a location or THREAD:REGISTER but found {scanner.Found()}");
        if (TryThread(name, out var thread) && scanner.TryTake(":"))
        {
            scanner.Offset--;
            return ReadRegister(scanner, thread, position);
        }

        RejectPageTable(scanner, name, position);
        return new(-1, name, position);
    }

    private static void RejectPageTable(LitmusScanner scanner, string name, LitmusPosition position)
    {
        if (name is "PTE" or "TTD" or "PA")
            throw LitmusException.Unsupported(position, $"page tables ({name})");
        if (scanner.TryTake(":"))
            throw LitmusException.Unsupported(position, "memory tags");
    }

    private static LitmusTarget ReadRegister(LitmusScanner scanner, long cpu, LitmusPosition position)
    {
        scanner.Take(":");
        if (!scanner.TryName(out var register))
            throw scanner.Error($"expected a register after '{cpu}:' but found {scanner.Found()}");
        return cpu is >= 0 and < 1000
            ? new((int)cpu, register, position)
            : throw new LitmusException(position, $"{cpu} is no thread");
    }

    internal static bool TryThread(string name, out int thread)
    {
        thread = -1;
        return name.Length is > 1 and < 5 && name[0] == 'P' && int.TryParse(name.AsSpan(1), out thread) && thread >= 0;
    }

    internal static LitmusValue ReadValue(LitmusScanner scanner, LitmusArchitecture architecture)
    {
        scanner.SkipBlank();
        var position = scanner.Position;
        if (scanner.TryInteger(out var number))
        {
            if (!scanner.TryTake(":"))
                return new LitmusValue.Integer(number);
            return ReadLabel(scanner, number, position);
        }

        scanner.TryTake("&");
        if (!scanner.TryName(out var name))
            throw scanner.Error($"expected a value but found {scanner.Found()}");
        if (name is "instr" or "label" && scanner.TryTake(":"))
        {
            return name == "instr"
                ? new LitmusValue.InstructionWord(ReadQuoted(scanner))
                : ParseLabel(ReadQuoted(scanner), position);
        }

        if (TryThread(name, out var thread) && scanner.TryTake(":"))
            return ReadLabel(scanner, thread, position);
        if (name is "NOP" && architecture == LitmusArchitecture.AArch64)
            return new LitmusValue.InstructionWord("NOP");
        RejectPageTable(scanner, name, position);
        return new LitmusValue.Address(name);
    }

    private static string ReadQuoted(LitmusScanner scanner)
    {
        scanner.SkipBlank();
        return scanner.QuotedString();
    }

    private static LitmusValue.CodeAddress ReadLabel(LitmusScanner scanner, long cpu, LitmusPosition position)
    {
        if (cpu is < 0 or >= 1000)
            throw new LitmusException(position, $"{cpu} is no thread");
        return scanner.TryName(out var label)
            ? new((int)cpu, label)
            : throw scanner.Error($"expected a label but found {scanner.Found()}");
    }

    private static LitmusValue.CodeAddress ParseLabel(string text, LitmusPosition position)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var thread = -1;
        if (
            colon > 0
            && (TryThread(text[..colon].Trim(), out thread) || int.TryParse(text.AsSpan(0, colon), out thread))
            && thread >= 0
        )
        {
            return new(thread, text[(colon + 1)..].Trim());
        }

        throw new LitmusException(position, $"'{text}' is no label; write P0:NAME");
    }
}
