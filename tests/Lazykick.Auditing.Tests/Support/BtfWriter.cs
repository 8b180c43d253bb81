using System.Text;

namespace Lazykick.Auditing.Tests.Support;

/// <summary>Writes BTF: structures of integers, after types of other kinds that a reader must step over.</summary>
internal sealed class BtfWriter
{
    private readonly List<byte> _types = [];
    private readonly List<byte> _names = [0];
    private int _count;

    public BtfWriter()
    {
        Type("int", 1, 0, 4, 32);
        Type("", 2, 0, 1);
        Type("", 3, 0, 0, 1, 1, 4);
        Type("an_enum", 6, 1, 4, Name("A"), 0);
        Type("an_enum64", 19, 1, 8, Name("B"), 0, 0);
        Type("", 13, 1, 1, 0, 1);
        Type("a_variable", 14, 0, 1, 1);
        Type(".data", 15, 1, 8, 7, 0, 8);
        Type("a_tag", 17, 0, 1, -1);
    }

    /// <summary>A structure with members at byte offsets.</summary>
    public BtfWriter Struct(string name, int size, params (string Name, int Offset)[] members)
    {
        Type(name, 4, members.Length, size, [.. members.SelectMany(m => (int[])[Name(m.Name), 1, m.Offset * 8])]);
        return this;
    }

    /// <summary>
    /// A structure with two members, an anonymous union of one at an offset, and one after it.
    /// </summary>
    public BtfWriter WithUnion(string name, int size, string inUnion, int unionAt, string after, int afterAt)
    {
        Type("", 5, 1, 4, Name(inUnion), 1, 0);
        var union = _count;
        Type(
            name,
            4,
            4,
            size,
            [
                .. (int[])[Name("instr_offset"), 1, 0, Name("repl_offset"), 1, 32],
                .. (int[])[0, union, unionAt * 8, Name(after), 1, afterAt * 8],
            ]
        );
        return this;
    }

    /// <summary>A type of a kind that does not exist.</summary>
    public BtfWriter Unknown()
    {
        Type("", 30, 0, 0);
        return this;
    }

    public byte[] Build() =>
        [0x9f, 0xeb, 1, 0, .. Numbers(24, 0, _types.Count, _types.Count, _names.Count), .. _types, .. _names];

    private void Type(string name, int kind, int count, int size, params int[] rest)
    {
        _count++;
        _types.AddRange(Numbers([Name(name), (kind << 24) | count, size, .. rest]));
    }

    private int Name(string name)
    {
        if (name.Length == 0)
        {
            return 0;
        }

        var at = _names.Count;
        _names.AddRange([.. Encoding.ASCII.GetBytes(name), 0]);
        return at;
    }

    private static IEnumerable<byte> Numbers(params int[] numbers) => numbers.SelectMany(BitConverter.GetBytes);
}
