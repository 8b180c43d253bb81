namespace Lazykick.Checking.Machines;

/// <summary>What becomes of a step.</summary>
internal enum StepOutcome
{
    /// <summary>It is made.</summary>
    Made,

    /// <summary>Another CPU refuses it, or it ends in a dead end.</summary>
    Refused,

    /// <summary>The machine has to be asked.</summary>
    Unknown,
}
