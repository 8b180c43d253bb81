using System.CommandLine;
using System.CommandLine.Parsing;
using Lazykick.Checking.Memory;
using Lazykick.Checking.Verdicts;
using Lazykick.Cli.Output;
using Lazykick.Schemes.Model;

namespace Lazykick.Cli.Checking;

/// <summary>
/// The options of every command that checks a scheme: what is explored, and where the search gives up.
/// </summary>
internal sealed class SearchArguments
{
    private const int MostWorkers = 64;

    private readonly Option<int> _cpus = new Option<int>("--cpus")
    {
        Description =
            "Number of CPUs: the scheme's roles in order, the last one repeated. Default: one for each role of the "
                + "cpus line.",
    }.From(CheckOptions.MinCpus, CheckOptions.MaxCpus);
    private readonly Option<string[]> _set = Knobs("--set", "knob=value; may be repeated.");
    private readonly Option<string?> _model = new("--memory")
    {
        Description = "sc, tso or arm. Default: arm for arm64 schemes, tso for x86_64 ones, sc for others.",
    };
    private readonly Option<int> _inFlight = new Option<int>("--in-flight")
    {
        Description =
            $"Accesses in flight on a CPU, at most, under tso and arm. Default: {CheckOptions.DefaultInFlight}; "
                + "'check' and 'diff' go on from there until more of them change nothing, or until a limit.",
    }.From(1, CheckOptions.MaxInFlight);
    private readonly Option<bool> _exact = new("--exact")
    {
        Description =
            "Search every state, as rule M21 counts them. Without it, states are left out that change no answer.",
    };
    private readonly Option<int> _workers = new Option<int>("--workers")
    {
        Description = "Threads of a search. Answers do not depend on it.",
        DefaultValueFactory = _ => 1,
    }.From(1, MostWorkers);
    private readonly LimitOptions _limits = new();

    public SearchArguments() => _model.AcceptOnlyFromAmong("sc", "tso", "arm");

    /// <summary>
    /// Adds the options to a command, with its own between what is explored and where the search gives up.
    /// </summary>
    public void AddTo(Command command, params IEnumerable<Option> own)
    {
        foreach (var option in new Option[] { _cpus, _model, _inFlight, _set, _exact }.Concat(own))
            command.Options.Add(option);
        command.Options.Add(_workers);
        _limits.AddTo(command);
    }

    /// <summary>The number of CPUs was not chosen: what 2 CPUs show may be carried further.</summary>
    public bool IsFree(ParseResult parsed) => parsed.GetResult(_cpus) is null or { Implicit: true };

    /// <summary>An option that takes knobs.</summary>
    public static Option<string[]> Knobs(string name, string description)
    {
        var option = new Option<string[]>(name) { Description = description, DefaultValueFactory = _ => [] };
        option.Validators.Add(r =>
        {
            foreach (var token in r.Tokens.Where(t => !t.Value.Contains('=', StringComparison.Ordinal)))
                r.AddError($"{name} takes knob=value, not '{token.Value}'.");
            var twice = r.Tokens.Select(t => t.Value.Split('=')[0]).GroupBy(knob => knob).Where(g => g.Count() > 1);
            foreach (var knob in twice)
                r.AddError($"{name} names {knob.Key} twice.");
        });
        return option;
    }

    /// <summary>Values of knobs; no knob is named twice.</summary>
    public static Dictionary<string, string> Values(string[] settings) =>
        settings.Select(s => s.Split('=', 2)).ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);

    /// <summary>The caller has named the number of accesses in flight.</summary>
    public bool HasInFlight(ParseResult parsed) => IsGiven(parsed, _inFlight);

    /// <summary>The memory model as given; null without a choice, or where the choice is none.</summary>
    public MemoryModel? MemoryOf(SymbolResult result) =>
        Enum.TryParse<MemoryModel>(result.GetValue(_model), ignoreCase: true, out var memory) ? memory : null;

    /// <summary>The options as given, with another limit of states where none is given.</summary>
    public CheckOptions ReadSmall(ParseResult parsed, Scheme scheme, int states)
    {
        var options = Read(parsed, scheme);
        return _limits.HasStates(parsed)
            ? options
            : options with { Limits = options.Limits with { MaxStates = states } };
    }

    /// <summary>One CPU for each role of the <c>cpus</c> line, as far as that is possible.</summary>
    public static int CpusOf(Scheme scheme) =>
        Math.Clamp(scheme.Cast.Count, CheckOptions.MinCpus, CheckOptions.MaxCpus);

    private static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    /// <summary>The options as given, for a scheme.</summary>
    public CheckOptions Read(ParseResult parsed, Scheme scheme) =>
        new()
        {
            Cpus = IsGiven(parsed, _cpus) ? parsed.GetValue(_cpus) : CpusOf(scheme),
            InFlight = HasInFlight(parsed) ? parsed.GetValue(_inFlight) : CheckOptions.DefaultInFlight,
            Knobs = Values(parsed.GetValue(_set)!),
            Memory = parsed.GetValue(_model) is { } model
                ? Enum.Parse<MemoryModel>(model, ignoreCase: true)
                : SchemeCheck.DefaultMemory(scheme),
            Exact = parsed.GetValue(_exact),
            Workers = parsed.GetValue(_workers),
            Limits = _limits.Of(parsed),
            Progress = SearchProgressLine.Write,
        };
}
