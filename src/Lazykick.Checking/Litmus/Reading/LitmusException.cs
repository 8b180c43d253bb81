namespace Lazykick.Checking.Litmus.Reading;

/// <summary>A litmus file cannot be read, or asks for what the machine does not model.</summary>
public sealed class LitmusException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="position">Where.</param>
    /// <param name="message">What is wrong.</param>
    /// <param name="missingFeature">The feature that the machine lacks, or null when the file itself is wrong.</param>
    public LitmusException(LitmusPosition position, string message, string? missingFeature = null)
        : base(message)
    {
        Position = position;
        MissingFeature = missingFeature;
    }

    /// <summary>Where.</summary>
    public LitmusPosition Position { get; }

    /// <summary>What the machine does not model, or null when the file itself is wrong.</summary>
    public string? MissingFeature { get; }

    internal static LitmusException Unsupported(LitmusPosition position, string feature) =>
        new(position, $"not modelled: {feature}", feature);
}
