using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Properties;

/// <summary>What S1 and S1.windows have in common.</summary>
internal static class TextEvidence
{
    /// <summary>A scheme without text has none that may be old.</summary>
    public static string? WhyNotStated(Scheme scheme) =>
        scheme.Texts.Count > 0 ? null : "no stale text: the scheme has no text";

    /// <summary>Text that is never written, or that no kick returns for, is never old where it counts.</summary>
    public static string? WhyVacuous(IEvidence evidence) =>
        !evidence.IsTaken<TextStep>(s => s.Kind == TextStepKind.Write) ? "no text was ever written"
        : evidence.HasReturnedFor(evidence.Scheme.Texts.ContainsKey) ? null
        : "no kick returned for a text location (write: kick NAME returns LOCATION)";
}
