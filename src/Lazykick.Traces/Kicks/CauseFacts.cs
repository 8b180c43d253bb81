namespace Lazykick.Traces.Kicks;

/// <summary>What a trace tells of the cause of an interrupt; null or empty where it does not tell.</summary>
public sealed record CauseFacts
{
    /// <summary>The interrupt, spelt as the table of causes spells it: <c>function_call</c>.</summary>
    public required string Interrupt { get; init; }

    /// <summary>What the kick runs.</summary>
    public string? Function { get; init; }

    /// <summary>Its class in the table of functions.</summary>
    public string? Class { get; init; }

    /// <summary>Functions of the sender's call stack, the innermost first.</summary>
    public IReadOnlyList<string> Stack { get; init; } = [];

    /// <summary>The sender's system call; <c>interrupt</c> where an interrupt handler kicked.</summary>
    public string? Call { get; init; }

    /// <summary>The sender's name.</summary>
    public string? Task { get; init; }

    /// <summary>Name of the task that is woken.</summary>
    public string? Woken { get; init; }

    /// <summary>Name of the device's interrupt.</summary>
    public string? Device { get; init; }

    /// <summary>The first function of a timer that ran.</summary>
    public string? Timer { get; init; }

    /// <summary>What kept the tick going.</summary>
    public IReadOnlyList<string> Tick { get; init; } = [];
}
