using Lazykick.Checking.Litmus.Reading;

namespace Lazykick.Checking.Litmus.Assembly;

/// <summary>An instruction's mnemonic and operands, split at commas outside brackets.</summary>
internal sealed class AssemblyLine
{
    internal AssemblyLine(string text, LitmusPosition position)
    {
        Text = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Position = position;
        var space = Text.IndexOf(' ', StringComparison.Ordinal);
        Mnemonic = (space < 0 ? Text : Text[..space]).ToUpperInvariant();
        Operands = space < 0 ? [] : Split(Text[(space + 1)..]);
    }

    internal string Text { get; }

    internal string Mnemonic { get; }

    internal List<string> Operands { get; }

    internal LitmusPosition Position { get; }

    /// <summary>An operand; an error where the instruction has fewer.</summary>
    internal string this[int operand] =>
        operand < Operands.Count
            ? Operands[operand]
            : throw Bad($"{Mnemonic} needs at least {operand + 1} operands, not {Operands.Count}");

    internal LitmusException Unknown() => LitmusException.Unsupported(Position, $"instruction '{Text}'");

    internal LitmusException Bad(string why) => new(Position, $"'{Text}': {why}");

    internal void Expect(int count)
    {
        if (Operands.Count != count)
            throw Bad($"{Mnemonic} takes {count} operands here, not {Operands.Count}");
    }

    private List<string> Split(string text)
    {
        var operands = new List<string>();
        var depth = 0;
        var start = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || (text[i] == ',' && depth == 0))
            {
                operands.Add(text[start..i].Trim());
                start = i + 1;
                continue;
            }

            depth +=
                text[i] is '[' or '(' ? 1
                : text[i] is ']' or ')' ? -1
                : 0;
        }

        return depth == 0 ? operands : throw new LitmusException(Position, $"'{Text}': a bracket is not closed");
    }
}
