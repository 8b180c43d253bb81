namespace Lazykick.Traces.Kicks;

/// <summary>Why a CPU was interrupted, in words that operators know.</summary>
/// <param name="Name">The cause.</param>
/// <param name="Reason">What the rule says that named it.</param>
/// <param name="Cure">What an operator can do about it, or null where no table says.</param>
public sealed record KickCause(string Name, string Reason, string? Cure)
{
    /// <summary>The cause without the names of tasks: there are few of these, however many tasks come.</summary>
    public string Kind { get; init; } = Name;
}
