namespace Lazykick.Checking.Litmus.Answers;

/// <summary>How often the condition's proposition was found true among the final states.</summary>
public enum LitmusObservation
{
    /// <summary>In none.</summary>
    Never,

    /// <summary>In some.</summary>
    Sometimes,

    /// <summary>In all.</summary>
    Always,
}
