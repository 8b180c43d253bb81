using Lazykick.Checking.Litmus.Reading;

namespace Lazykick.Checking.Litmus.Assembly;

/// <summary>Instruction words: what a store to code writes and a fetch from it decodes.</summary>
/// <remarks>
/// Branches, ADR, NOP and ISB have their architectural encodings, so that a word is position independent as on
/// hardware. Others get a word of their own that is equal exactly when the text is, with a label as the distance to it.
/// </remarks>
internal sealed class CodeBook(Func<string, LitmusInstruction> parse)
{
    private const long FirstInvented = 0xE000_0000;
    private const long UndefinedLimit = 0x1_0000;
    private const long Branch = 0x1400_0000,
        BranchLink = 0x9400_0000,
        OffsetMask = 0x03FF_FFFF,
        Opcode = 0xFC00_0000,
        Address = 0x1000_0000,
        AddressOpcode = 0x9F00_0000;
    private readonly Dictionary<string, long> _invented = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _texts = [];

    /// <summary>The instructions that have a word of their own.</summary>
    internal IEnumerable<LitmusInstruction> Invented =>
        Enumerable.Range(0, _texts.Count).Select(i => Decode(FirstInvented + i, 0)).OfType<LitmusInstruction>();

    internal long Encode(LitmusInstruction instruction, int at) =>
        instruction.Operation switch
        {
            Operation.Nop => 0xD503_201F,
            Operation.Synchronise => 0xD503_3FDF,
            Operation.Undefined => 0,
            Operation.Branch => (instruction.Destination == Registers.None ? Branch : BranchLink)
                | (Distance(instruction, at) & OffsetMask),
            Operation.Move when instruction.IsRelative => EncodeAddress(instruction, at),
            _ when instruction.Label is { } label => Invent(
                $"{instruction.Text[..^label.Length]}.{4 * Distance(instruction, at):+0;-0;+0}"
            ),
            _ => Invent(instruction.Text),
        };

    // ADR: 21 bits of a distance in bytes, the two lowest apart from the others (Arm ARM C6.2.12).
    private static long EncodeAddress(LitmusInstruction instruction, int at)
    {
        var distance = instruction.Distance is { } written
            ? 4L * written
            : instruction.Left.Number - CodeAddress.Of(at);
        if (distance is < -(1 << 20) or >= 1 << 20)
        {
            throw LitmusException.Unsupported(
                instruction.Position,
                $"the word of '{instruction.Text}': ADR of something that is no code, where its word is a location"
            );
        }

        var register = instruction.Destination == Registers.None ? Registers.Zero : instruction.Destination;
        return Address | ((distance & 3) << 29) | ((distance >> 2 & 0x7_FFFF) << 5) | (long)register;
    }

    private static LitmusInstruction DecodeAddress(long word, int at)
    {
        var distance = (int)(((word >> 3 & 0x1F_FFFC) | (word >> 29 & 3)) << 43 >> 43);
        var register = (int)(word & 31);
        return new LitmusInstruction
        {
            Operation = Operation.Move,
            Text = $"ADR X{(register == Registers.Zero ? "ZR" : register)},.{distance:+0;-0;+0}",
            Wide = true,
            IsRelative = true,
            Destination = register == Registers.Zero ? Registers.None : register,
            Left = Operand.Of(CodeAddress.Of(at) + distance),
        };
    }

    /// <summary>The instruction that a word means at a place; null when it is none of the test's.</summary>
    internal LitmusInstruction? Decode(long word, int at)
    {
        if (word is >= 0 and < UndefinedLimit)
            return new LitmusInstruction { Operation = Operation.Undefined, Text = "UDF" };
        if ((word & Opcode) is Branch or BranchLink && word <= 0xFFFF_FFFF)
        {
            var distance = (int)((word & OffsetMask) << 38 >> 38);
            var link = (word & Opcode) == BranchLink;
            return new LitmusInstruction
            {
                Operation = Operation.Branch,
                Text = $"{(link ? "BL" : "B")} .{distance * 4:+0;-0;+0}",
                Destination = link ? Registers.Link : Registers.None,
                Target = at + distance,
            };
        }

        if (IsAddress(word))
            return DecodeAddress(word, at);
        if (word is 0xD503_201F or 0xD503_3FDF)
            return parse(word == 0xD503_201F ? "NOP" : "ISB");
        var index = word - FirstInvented;
        if (index < 0 || index >= _texts.Count)
            return null;
        var instruction = parse(_texts[(int)index]);
        return instruction.Distance is { } steps ? instruction with { Target = at + steps } : instruction;
    }

    private static bool IsAddress(long word) => (word & AddressOpcode) == Address && word is > 0 and <= 0xFFFF_FFFF;

    internal string? Name(long word) =>
        word switch
        {
            0xD503_201F => "NOP",
            0xD503_3FDF => "ISB",
            _ when (word & Opcode) is Branch or BranchLink && word is > 0 and <= 0xFFFF_FFFF => Decode(word, 0)!.Text,
            _ when IsAddress(word) => Decode(word, 0)!.Text,
            _ when word >= FirstInvented && word - FirstInvented < _texts.Count => _texts[(int)(word - FirstInvented)],
            _ => null,
        };

    private static long Distance(LitmusInstruction instruction, int at) =>
        instruction.Distance ?? instruction.Target - at;

    private long Invent(string text)
    {
        if (_invented.TryGetValue(text, out var word))
            return word;
        word = FirstInvented + _texts.Count;
        _texts.Add(text);
        _invented.Add(text, word);
        return word;
    }
}
