namespace Lazykick.Traces.Pricing;

/// <summary>How what the trace does not tell is taken when a scheme is priced.</summary>
internal enum SkipVariant
{
    /// <summary>States as reconstructed; what is unknown is not skipped.</summary>
    Expected,

    /// <summary>
    /// As <see cref="Expected"/>, and a kick within the error of a change of state is not skipped either.
    /// </summary>
    Fewest,

    /// <summary>Every unknown state is one that the scheme skips, every unknown function one that it serves.</summary>
    Most,
}
