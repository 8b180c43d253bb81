using System.CommandLine;
using System.Globalization;

namespace Lazykick.Cli.Output;

/// <summary>Options that take a number within bounds, and refuse others in words.</summary>
internal static class Ranges
{
    public static Option<int> From(this Option<int> option, int least, int most)
    {
        option.CustomParser = r =>
        {
            if (
                int.TryParse(
                    r.Tokens[0].Value,
                    NumberStyles.AllowLeadingSign,
                    CultureInfo.InvariantCulture,
                    out var value
                )
                && value >= least
                && value <= most
            )
            {
                return value;
            }

            r.AddError(
                most == int.MaxValue
                    ? $"{option.Name} takes a number from {least}, not '{r.Tokens[0].Value}'."
                    : $"{option.Name} takes a number from {least} to {most}, not '{r.Tokens[0].Value}'."
            );
            return least;
        };
        return option;
    }

    public static Option<long> From(this Option<long> option, long least)
    {
        option.CustomParser = r =>
        {
            if (
                long.TryParse(
                    r.Tokens[0].Value,
                    NumberStyles.AllowLeadingSign,
                    CultureInfo.InvariantCulture,
                    out var value
                )
                && value >= least
            )
            {
                return value;
            }

            r.AddError($"{option.Name} takes a number from {least}, not '{r.Tokens[0].Value}'.");
            return least;
        };
        return option;
    }

    /// <summary>Seconds, more than none and less than four months.</summary>
    public static Option<double?> Seconds(this Option<double?> option)
    {
        option.CustomParser = r =>
        {
            if (
                double.TryParse(r.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                && value is > 0 and < 1e7
            )
            {
                return value;
            }

            r.AddError($"{option.Name} takes a positive number of seconds, not '{r.Tokens[0].Value}'.");
            return null;
        };
        return option;
    }
}
