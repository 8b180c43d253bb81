namespace Lazykick.Checking.Litmus;

/// <summary>Instruction words: what a store to code writes and a fetch from it decodes.</summary>
/// <remarks>
/// Branches, NOP and ISB have their architectural encodings, so that a word is position independent as on hardware.
/// Others
/// get a word of their own that is equal exactly when the text is.
/// </remarks>
internal sealed class CodeBook(Func<string, Instruction> parse)
{
    private const long FirstInvented = 0xE000_0000;
    private const long UndefinedLimit = 0x1_0000;
    private const long Branch = 0x1400_0000,
        BranchLink = 0x9400_0000,
        OffsetMask = 0x03FF_FFFF,
        Opcode = 0xFC00_0000;
    private readonly Dictionary<string, long> _invented = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _texts = [];

    /// <summary>The instructions that have a word of their own.</summary>
    internal IEnumerable<Instruction> Invented =>
        Enumerable.Range(0, _texts.Count).Select(i => Decode(FirstInvented + i, 0)).OfType<Instruction>();

    internal long Encode(Instruction instruction, int at) =>
        instruction.Operation switch
        {
            Operation.Nop => 0xD503_201F,
            Operation.Synchronise => 0xD503_3FDF,
            Operation.Undefined => 0,
            Operation.Branch => (instruction.Destination == Registers.None ? Branch : BranchLink)
                | (Distance(instruction, at) & OffsetMask),
            _ => Invent(instruction.Text),
        };

    /// <summary>The instruction that a word means at a place; null when it is none of the test's.</summary>
    internal Instruction? Decode(long word, int at)
    {
        if (word is >= 0 and < UndefinedLimit)
            return new Instruction { Operation = Operation.Undefined, Text = "UDF" };
        if ((word & Opcode) is Branch or BranchLink && word <= 0xFFFF_FFFF)
        {
            var distance = (int)((word & OffsetMask) << 38 >> 38);
            var link = (word & Opcode) == BranchLink;
            return new Instruction
            {
                Operation = Operation.Branch,
                Text = $"{(link ? "BL" : "B")} .{distance * 4:+0;-0;+0}",
                Destination = link ? Registers.Link : Registers.None,
                Target = at + distance,
            };
        }

        if (word is 0xD503_201F or 0xD503_3FDF)
            return parse(word == 0xD503_201F ? "NOP" : "ISB");
        var index = word - FirstInvented;
        if (index < 0 || index >= _texts.Count)
            return null;
        var instruction = parse(_texts[(int)index]);
        return instruction.Label is null ? instruction : null;
    }

    internal string? Name(long word) =>
        word switch
        {
            0xD503_201F => "NOP",
            0xD503_3FDF => "ISB",
            _ when (word & Opcode) is Branch or BranchLink && word is > 0 and <= 0xFFFF_FFFF => Decode(word, 0)!.Text,
            _ when word >= FirstInvented && word - FirstInvented < _texts.Count => _texts[(int)(word - FirstInvented)],
            _ => null,
        };

    private static long Distance(Instruction instruction, int at) => instruction.Distance ?? instruction.Target - at;

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
