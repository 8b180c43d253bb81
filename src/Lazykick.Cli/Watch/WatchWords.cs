using System.Globalization;
using Lazykick.Cli.Json;

namespace Lazykick.Cli.Watch;

/// <summary>What a second of <c>watch</c> has, in a few words.</summary>
internal static class WatchWords
{
    /// <summary>What the kernel's events cannot tell.</summary>
    public const string Unknown = "?";

    public static string Number(double? value, string format) =>
        value?.ToString(format, CultureInfo.InvariantCulture) ?? Unknown;

    /// <summary>Microseconds in the unit that fits.</summary>
    public static string Time(double? microseconds) =>
        microseconds switch
        {
            null => Unknown,
            0 => "0",
            < 10 => Number(microseconds, "0.0") + " us",
            < 1000 => Number(microseconds, "0") + " us",
            < 10_000 => Number(microseconds / 1e3, "0.0") + " ms",
            _ => Number(microseconds / 1e3, "N0") + " ms",
        };

    /// <summary>Rates below 10 have a digit more: one break in three seconds is not none.</summary>
    public static string Rate(double? perSecond) => Number(perSecond, perSecond is > 0 and < 10 ? "0.0" : "N0");

    /// <summary>Who sent it, where somebody did: the first, and how many more.</summary>
    public static string From(WatchDocument.WatchedCause cause) =>
        cause.Senders.Count switch
        {
            0 => "",
            1 => $", from {cause.Senders[0].Task}",
            _ => $", from {cause.Senders[0].Task} and others",
        };

    /// <summary>A cause with what is known of it besides its name.</summary>
    public static string Of(WatchDocument.WatchedCause cause)
    {
        var softIrqs = cause.SoftIrqs is { Count: > 0 } ran ? $", softirqs {string.Join(", ", ran)}" : "";
        return cause.Cause + From(cause) + softIrqs;
    }
}
