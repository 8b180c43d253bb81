namespace Lazykick.Schemes.Syntax;

/// <summary>The values of a variable.</summary>
public abstract record VariableType
{
    /// <summary>0 or 1.</summary>
    public static VariableType Bit { get; } = new RangeType(0, 1);
}

/// <summary>Numbers from <paramref name="Low"/> to <paramref name="High"/>.</summary>
/// <param name="Low">0 or more.</param>
/// <param name="High">At most 255.</param>
/// <param name="Wraps">Behind the highest comes the lowest: a sum or difference that begins with the variable wraps
/// round.</param>
public sealed record RangeType(int Low, int High, bool Wraps = false) : VariableType;

/// <summary>A set of CPUs.</summary>
public sealed record SetType : VariableType;

/// <summary>One of a few names.</summary>
/// <param name="Names">The names.</param>
public sealed record EnumType(IReadOnlyList<string> Names) : VariableType;

/// <summary>A spin lock: free, or held by a CPU.</summary>
public sealed record LockType : VariableType;

/// <summary>What <c>discover</c> finds: none, device, or a message.</summary>
public sealed record IrqType : VariableType;
