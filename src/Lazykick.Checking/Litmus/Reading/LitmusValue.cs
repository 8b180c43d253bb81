namespace Lazykick.Checking.Litmus.Reading;

/// <summary>A value as written in a litmus file.</summary>
public abstract record LitmusValue
{
    /// <summary>A number.</summary>
    /// <param name="Number">The number.</param>
    public sealed record Integer(long Number) : LitmusValue;

    /// <summary>The address of a location.</summary>
    /// <param name="Name">The location.</param>
    public sealed record Address(string Name) : LitmusValue;

    /// <summary>The address of an instruction.</summary>
    /// <param name="Cpu">The thread that the label belongs to.</param>
    /// <param name="Label">The label.</param>
    public sealed record CodeAddress(int Cpu, string Label) : LitmusValue;

    /// <summary>An instruction word.</summary>
    /// <param name="Text">The instruction as written.</param>
    public sealed record InstructionWord(string Text) : LitmusValue;
}
