using System.CommandLine;
using System.Globalization;

namespace Lazykick.Cli.Commands;

/// <summary>An option that takes a time with its unit: <c>500ms</c>, <c>10s</c>, <c>5m</c>, <c>1h</c>.</summary>
internal static class TimeOption
{
    /// <summary>
    /// An option, with <paramref name="examples"/> for who writes no time. Seconds are meant without a unit, unless it
    /// <paramref name="needsUnit"/>.
    /// </summary>
    public static Option<string?> Create(
        string name,
        string description,
        string examples = "500ms, 10s, 5m or 1h",
        bool needsUnit = false
    )
    {
        var option = new Option<string?>(name) { Description = description };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 0)
                return;
            var text = result.Tokens[0].Value;
            if (Duration(text) is null || (needsUnit && char.IsAsciiDigit(text[^1])))
                result.AddError($"{name} takes a time such as {examples}, not '{text}'.");
        });
        return option;
    }

    /// <summary>The time; null where none is given.</summary>
    public static TimeSpan? Of(ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) is { } text ? Duration(text) : null;

    /// <summary>A positive time of at most a week, or null.</summary>
    internal static TimeSpan? Duration(string text)
    {
        var unit = text.SkipWhile(c => char.IsAsciiDigit(c) || c == '.').Count();
        if (
            !double.TryParse(
                text.AsSpan(0, text.Length - unit),
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out var number
            )
        )
        {
            return null;
        }

        double? seconds = text[^unit..] switch
        {
            "us" => number / 1e6,
            "ms" => number / 1e3,
            "s" or "" => number,
            "m" or "min" => number * 60,
            "h" => number * 3600,
            _ => null,
        };
        return seconds is > 0 and <= 7 * 86400 ? TimeSpan.FromSeconds(seconds.Value) : null;
    }
}
