namespace Lazykick.Traces.Recording;

/// <summary>An event that a recording asks for.</summary>
/// <param name="System">Subsystem in tracefs.</param>
/// <param name="Name">Name, or <c>*_entry</c> and <c>*_exit</c> for all of a subsystem with that end.</param>
/// <param name="Scope">Which occurrences.</param>
/// <param name="TargetField">The field that names the other CPU, for <see cref="EventScope.ToCpu"/>.</param>
/// <param name="From">The smallest preset that has the event.</param>
/// <param name="Lost">What cannot be told without the event; empty where another one says the same.</param>
public sealed record WantedEvent(
    string System,
    string Name,
    EventScope Scope,
    string? TargetField,
    RecordingPreset From,
    string Lost
)
{
    /// <summary>As tracefs spells it.</summary>
    public string FullName => $"{System}:{Name}";
}
