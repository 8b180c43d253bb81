namespace Lazykick.Checking.Litmus.Reading;

/// <summary>A proposition over final states.</summary>
public abstract record LitmusCondition
{
    /// <summary>Always, or never, true.</summary>
    /// <param name="Value">Which.</param>
    public sealed record Constant(bool Value) : LitmusCondition;

    /// <summary>A register or location has a value.</summary>
    /// <param name="Target">The register or location.</param>
    /// <param name="Value">The value.</param>
    public sealed record Equal(LitmusTarget Target, LitmusValue Value) : LitmusCondition;

    /// <summary>A fault was taken.</summary>
    /// <param name="Cpu">By this thread.</param>
    /// <param name="Label">At this label, or null for anywhere.</param>
    /// <param name="Kind">Of this kind (<c>UndefinedInstruction</c>, <c>SupervisorCall</c>), or null for any.</param>
    /// <param name="Position">Where it is written.</param>
    public sealed record Fault(int Cpu, string? Label, string? Kind, LitmusPosition Position) : LitmusCondition;

    /// <summary>Negation.</summary>
    /// <param name="Operand">What is negated.</param>
    public sealed record Not(LitmusCondition Operand) : LitmusCondition;

    /// <summary>Conjunction.</summary>
    /// <param name="Left">One side.</param>
    /// <param name="Right">The other.</param>
    public sealed record And(LitmusCondition Left, LitmusCondition Right) : LitmusCondition;

    /// <summary>Disjunction.</summary>
    /// <param name="Left">One side.</param>
    /// <param name="Right">The other.</param>
    public sealed record Or(LitmusCondition Left, LitmusCondition Right) : LitmusCondition;
}
