namespace Lazykick.Checking.Litmus.Reading;

/// <summary>One cell of the code table: labels, and an instruction or nothing.</summary>
/// <param name="Labels">Labels before the instruction, with their places.</param>
/// <param name="Text">The instruction, empty when the cell has none.</param>
/// <param name="Position">Where the instruction begins.</param>
public sealed record LitmusLine(
    IReadOnlyList<(string Name, LitmusPosition Position)> Labels,
    string Text,
    LitmusPosition Position
);
