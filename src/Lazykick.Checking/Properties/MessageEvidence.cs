using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Properties;

/// <summary>What properties of messages have in common.</summary>
internal static class MessageEvidence
{
    /// <summary>A scheme without EQS, or in which nothing is sent, says nothing of <paramref name="what"/>.</summary>
    public static string? WhyNotStated(Scheme scheme, string what) =>
        !scheme.States.ContainsKey("eqs") ? $"{what}: the scheme has no state eqs"
        : scheme.AllSteps().Any(s => s is SendStep) ? null
        : $"{what}: no message is sent";

    public static string? WhyVacuous(IEvidence evidence) =>
        !evidence.EqsIsVisited ? "no CPU was ever in state eqs"
        : evidence.IsTaken<SendStep>(_ => true) ? null
        : "no message was ever sent";

    /// <summary>No litmus test shows an interrupt.</summary>
    public static string WhyNotExported(Property property, string step) =>
        $"{property.Id} turns on an interrupt, at {step}: litmus tests have no interrupts";
}
