namespace Lazykick.Traces.Recording;

/// <summary>Which occurrences of an event belong to a recording of some CPUs.</summary>
public enum EventScope
{
    /// <summary>Those on the recorded CPUs.</summary>
    OnCpu,

    /// <summary>Those on any CPU that name a recorded CPU in a field.</summary>
    ToCpu,

    /// <summary>All.</summary>
    Everywhere,
}
