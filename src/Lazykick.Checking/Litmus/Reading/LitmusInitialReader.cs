namespace Lazykick.Checking.Litmus.Reading;

/// <summary>Reads the initial state between braces, and the values that conditions use too.</summary>
internal static class LitmusInitialReader
{
    private static readonly string[] _pageTables = ["pte_", "pa_", "phy_"];

    internal static (IReadOnlyList<LitmusInitial> Initial, IReadOnlyList<LitmusArray> Arrays) Read(
        LitmusScanner scanner,
        LitmusArchitecture architecture
    )
    {
        var initial = new List<LitmusInitial>();
        var arrays = new List<LitmusArray>();
        scanner.Take("{");
        while (!scanner.TryTake("}"))
        {
            if (scanner.TryTake(";"))
                continue;
            ReadEntry(scanner, architecture, initial, arrays);
            if (scanner.TryTake("}"))
                break;
            scanner.Take(";");
        }

        return (initial, arrays);
    }

    private static void ReadEntry(
        LitmusScanner scanner,
        LitmusArchitecture architecture,
        List<LitmusInitial> initial,
        List<LitmusArray> arrays
    )
    {
        var type = SkipType(scanner);
        var target = ReadTarget(scanner, isDeclaration: true);
        var count = target.IsRegister ? -1 : ReadCount(scanner);
        if (!scanner.TryTake("="))
        {
            if (count >= 0)
                arrays.Add(Array(target, count, type));
            return;
        }

        scanner.SkipBlank();
        if (scanner.Current == '(')
            throw LitmusException.Unsupported(scanner.Position, "page table entries");
        if (count < 0 && scanner.Current != '{')
        {
            initial.Add(new(target, ReadValue(scanner, architecture)));
            return;
        }

        var values = ReadElements(scanner, architecture);
        if (target.IsRegister || (count >= 0 && values.Count != count))
        {
            throw new LitmusException(
                target.Position,
                target.IsRegister
                    ? "a register holds no array"
                    : $"{target.Name} has {count} elements, not {values.Count}"
            );
        }

        var array = Array(target, values.Count, type);
        arrays.Add(array);
        initial.AddRange(values.Select((v, i) => new LitmusInitial(target with { Name = array.Element(i) }, v)));
    }

    private static LitmusArray Array(LitmusTarget target, int count, string type)
    {
        // Without a type herd takes an element for an int.
        var size = type switch
        {
            "" or "int" or "int32_t" or "uint32_t" => 4,
            "int64_t" or "uint64_t" or "long" => 8,
            _ => throw LitmusException.Unsupported(target.Position, $"an array of {type}"),
        };
        return count is > 0 && count * size <= LitmusArray.MaxBytes
            ? new LitmusArray(target.Name, count, size)
            : throw LitmusException.Unsupported(target.Position, $"an array of {count} elements");
    }

    private static int ReadCount(LitmusScanner scanner)
    {
        if (!scanner.TryTake("["))
            return -1;
        if (!scanner.TryInteger(out var count) || count is < 0 or > 1000)
            throw scanner.Error($"expected a number of elements but found {scanner.Found()}");
        scanner.Take("]");
        return (int)count;
    }

    private static List<LitmusValue> ReadElements(LitmusScanner scanner, LitmusArchitecture architecture)
    {
        var values = new List<LitmusValue>();
        scanner.Take("{");
        while (!scanner.TryTake("}"))
        {
            if (values.Count > 0)
                scanner.Take(",");
            values.Add(ReadValue(scanner, architecture));
        }

        return values;
    }

    // A declaration such as "ins_t *1:X1" or "uint64_t x": names and stars before the target.
    private static string SkipType(LitmusScanner scanner)
    {
        var start = scanner.Offset;
        if (scanner.TryName(out var type))
        {
            scanner.SkipBlank();
            if (scanner.Current is not ('*' or '[') && !char.IsLetterOrDigit(scanner.Current) && scanner.Current != '_')
            {
                scanner.Offset = start;
                return "";
            }

            if (scanner.Current == '[')
            {
                scanner.Offset = start;
                return "";
            }
        }

        while (scanner.TryTake("*")) { }

        return type;
    }

    internal static LitmusTarget ReadTarget(LitmusScanner scanner, bool isDeclaration = false)
    {
        scanner.SkipBlank();
        var position = scanner.Position;
        if (scanner.TryTake("["))
        {
            if (!scanner.TryName(out var bracketed))
                throw scanner.Error($"expected the name of a location after '[' but found {scanner.Found()}");
            RejectPageTable(scanner, bracketed, position);
            bracketed += ReadIndex(scanner);
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
        return new(-1, isDeclaration ? name : name + ReadIndex(scanner), position);
    }

    // The element of an array, as it is part of its name.
    private static string ReadIndex(LitmusScanner scanner)
    {
        if (!scanner.TryTake("["))
            return "";
        if (!scanner.TryInteger(out var index) || index < 0)
            throw scanner.Error($"expected the number of an element but found {scanner.Found()}");
        scanner.Take("]");
        return $"[{index}]";
    }

    private static void RejectPageTable(LitmusScanner scanner, string name, LitmusPosition position)
    {
        // pte_x is the page-table entry of x, pa_x and phy_x its physical address, with or without a Variant line.
        if (
            name is "PTE" or "TTD" or "PA"
            || _pageTables.Any(p => name.StartsWith(p, StringComparison.OrdinalIgnoreCase))
        )
        {
            throw LitmusException.Unsupported(position, $"page tables ({name})");
        }

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
        return new LitmusValue.Address(name + ReadIndex(scanner));
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
