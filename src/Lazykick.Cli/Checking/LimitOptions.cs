using System.CommandLine;
using System.Globalization;
using Lazykick.Checking.Exploration;
using Lazykick.Cli.Output;

namespace Lazykick.Cli.Checking;

/// <summary>The options that say where a search gives up, the same for every command that explores.</summary>
internal sealed class LimitOptions
{
    private readonly Option<long> _states;
    private readonly Option<string?> _memory;
    private readonly Option<double?> _timeout;

    /// <param name="each">What the limits are for, where a command makes several searches: for example " on a
    /// test".</param>
    public LimitOptions(string each = "")
    {
        _states = new Option<long>("--max-states")
        {
            Description = $"Give up{each} beyond this many states.",
            DefaultValueFactory = _ => SearchLimits.Default.MaxStates,
        }.From(1);
        _memory = new Option<string?>("--max-memory")
        {
            Description =
                $"Give up{each} beyond this much memory, for example 2G. Default: three quarters of the machine's.",
        };
        _timeout = new Option<double?>("--timeout")
        {
            Description = $"Give up{each} after this many seconds.",
        }.Seconds();
        _memory.Validators.Add(r =>
        {
            if (r.Tokens.Count > 0 && Size(r.Tokens[0].Value) is null)
                r.AddError($"--max-memory takes a size such as 500M or 2G, not '{r.Tokens[0].Value}'.");
        });
    }

    public void AddTo(Command command)
    {
        command.Options.Add(_states);
        command.Options.Add(_memory);
        command.Options.Add(_timeout);
    }

    /// <summary>The caller has named a number of states.</summary>
    public bool HasStates(ParseResult parsed) => parsed.GetResult(_states) is { Implicit: false };

    public SearchLimits Of(ParseResult parsed) =>
        new(
            parsed.GetValue(_states),
            Size(parsed.GetValue(_memory) ?? "") ?? SearchLimits.Default.MaxBytes,
            parsed.GetValue(_timeout) is { } seconds ? TimeSpan.FromSeconds(seconds) : Timeout.InfiniteTimeSpan
        );

    /// <summary>Bytes, of a number with K, M or G behind it; null if it is none.</summary>
    public static long? Size(string text)
    {
        if (text.Length == 0)
            return null;
        var unit = char.ToUpperInvariant(text[^1]) switch
        {
            'K' => 1L << 10,
            'M' => 1L << 20,
            'G' => 1L << 30,
            _ => 0L,
        };
        var number = unit == 0 ? text : text[..^1];
        return
            double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && value > 0
            && value < 1e15
            ? (long)(value * Math.Max(1, unit))
            : null;
    }
}
