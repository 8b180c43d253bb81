using Lazykick.Checking.Properties;
using Lazykick.Schemes.Syntax;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Claims;

/// <summary>The names that a claim file declares, and complaints about others.</summary>
internal sealed class ClaimNames(DiagnosticCollection diagnostics)
{
    /// <summary>Stands for all runs in a flip.</summary>
    public const string Every = "every";

    private readonly HashSet<string> _broken = new(StringComparer.Ordinal);

    public OrderedDictionary<string, ClaimRun> Runs { get; } = new(StringComparer.Ordinal);

    public OrderedDictionary<string, ClaimList> Lists { get; } = new(StringComparer.Ordinal);

    /// <summary>Declares a run; null for one with a mistake, whose name is no further mistake.</summary>
    public void Add(Token name, ClaimRun? run)
    {
        if (
            name.Text == Every
            || Lists.ContainsKey(name.Text)
            || _broken.Contains(name.Text)
            || Runs.ContainsKey(name.Text)
        )
        {
            diagnostics.Report(
                "LK0617",
                name.Span,
                $"the name '{name.Text}' is taken",
                "each run and list has a name of its own"
            );
        }
        else if (run is null)
        {
            _broken.Add(name.Text);
        }
        else
        {
            Runs.Add(name.Text, run);
        }
    }

    public void Add(ClaimList list, SourceSpan span)
    {
        if (Runs.ContainsKey(list.Name) || !Lists.TryAdd(list.Name, list))
        {
            diagnostics.Report(
                "LK0617",
                span,
                $"the name '{list.Name}' is taken",
                "each run and list has a name of its own"
            );
        }
    }

    public ClaimRun? Run(Token word) => Run(word, word.Text);

    public ClaimRun? Run(Token word, string name) => Run(name, word.Span);

    private ClaimRun? Run(string name, SourceSpan span)
    {
        if (Runs.TryGetValue(name, out var run))
            return run;
        if (!_broken.Contains(name))
        {
            diagnostics.Report(
                "LK0618",
                span,
                $"there is no run '{name}' above",
                Suggestion.For(name, Runs.Keys) ?? "declare it: run NAME = SCHEME with KNOB = VALUE"
            );
        }

        return null;
    }

    public void List(Token word) => List(word, word.Text);

    public void List(Token word, string name)
    {
        if (!Lists.ContainsKey(name))
        {
            diagnostics.Report(
                "LK0619",
                word.Span,
                $"there is no list '{name}' above",
                Suggestion.For(name, Lists.Keys) ?? "declare it: list NAME \"source\", and its items below"
            );
        }
    }

    public void Property(string run, string property, SourceSpan span)
    {
        if (Run(run, span) is not { } known)
            return;

        var properties = PropertyList.Of(known.Scheme).Select(p => p.Id).ToList();
        if (properties.Contains(property, StringComparer.Ordinal))
            return;
        if (PropertyList.Find(property)?.WhyNotStated(known.Scheme) is { } why)
        {
            diagnostics.Report(
                "LK0620",
                span,
                $"scheme '{known.Scheme.Name}' does not state {property} ({why})",
                "name a scheme that does, or write: waits \"for what\""
            );
        }
        else
        {
            diagnostics.Report(
                "LK0620",
                span,
                $"scheme '{known.Scheme.Name}' has no property '{property}'",
                Suggestion.For(property, [.. properties, "window", "windows", "eqs", "taken", "states"])
            );
        }
    }

    public static void Block(ClaimRun run, Token word, DiagnosticCollection diagnostics)
    {
        var scheme = run.Scheme;
        List<string> known =
        [
            .. scheme.Paths.Keys,
            .. scheme.Routines.Keys,
            .. scheme.Kicks.Keys,
            .. scheme.Policies.Keys,
            .. scheme.Places.Keys,
        ];
        if (!known.Contains(word.Text, StringComparer.Ordinal))
        {
            diagnostics.Report(
                "LK0621",
                word.Span,
                $"scheme '{scheme.Name}' has no path, routine, kick or place '{word.Text}'",
                Suggestion.For(word.Text, known)
            );
        }
    }
}
