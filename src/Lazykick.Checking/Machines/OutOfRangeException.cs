using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Machines;

/// <summary>A step would store a value that its variable cannot hold: the scheme is wrong, not the machine.</summary>
internal sealed class OutOfRangeException(Instruction instruction, Field field, int value)
    : Exception(
        $"{instruction.Span}: '{instruction.Text}' on CPU{instruction.Cpu} would give {field.Name} the value {value}; "
            + $"it holds {field.Low} to {field.High}"
    )
{
    public Instruction Instruction { get; } = instruction;

    public Field Field { get; } = field;

    public int Value { get; } = value;
}
