using Lazykick.Checking.Exploration;
using Lazykick.Checking.Memory;
using Lazykick.Checking.Properties;
using Lazykick.Checking.Verdicts;
using Lazykick.Cli.Json;
using Lazykick.Cli.Output;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Cli.Checking;

/// <summary>Checks the schemes of a command line one after the other.</summary>
internal sealed class CheckBatch(CheckSettings settings, CancellationToken cancellation)
{
    private readonly List<CheckedScheme> _checked = [];
    private readonly List<PositionAnswer> _answers = [];
    private readonly CheckText _text = new(Terminal.Standard);
    private readonly List<int> _selfTests = [];
    private bool _isWrong;

    /// <summary>Checks them and returns the exit status: the worst of all, wrong input first.</summary>
    public int Run(IReadOnlyList<string> arguments)
    {
        var schemes = arguments.Select(a => (Argument: a, Scheme: SchemeArgument.LoadWhole(a, Console.Error))).ToList();
        if (schemes.Exists(s => s.Scheme is null))
            return ExitStatus.WrongInput;
        string?[] written = [settings.JUnit, settings.Sarif, settings.Save, settings.Html];
        if (!ReportFile.AreApart(arguments, written, Console.Error) || !ReportFile.CanWrite(written, Console.Error))
            return ExitStatus.WrongInput;
        foreach (var (argument, scheme) in schemes)
        {
            if (settings.Expected)
                Expected(argument, scheme!);
            else if (settings.At is { } at)
                At(scheme!, at);
            else if (settings.IsSelfTest)
                SelfTest(scheme!);
            else
                One(argument, scheme!);
        }

        if (settings.Json && _answers.Count > 0)
            JsonOutput.Print(PositionJson.Of(_answers), JsonOutput.Documents.PositionDocument);
        if (settings.Json && _checked.Count > 0)
        {
            var document = new CheckDocument(CheckJson.Schema, [.. _checked.Select(CheckJson.Of)]);
            JsonOutput.Print(document, JsonOutput.Documents.CheckDocument);
        }

        var isWritten =
            (settings.JUnit is not { } junit || JUnitReport.Write(junit, _checked, Console.Error))
            & (settings.Sarif is not { } sarif || SarifReport.Write(sarif, _checked, Console.Error))
            & (settings.Save is not { } save || _checked.All(c => ExecutionFile.Write(save, c, Console.Error)))
            & (settings.Html is not { } html || CheckPage.Write(html, _checked, Console.Error));
        if (_isWrong || !isWritten)
            return ExitStatus.WrongInput;
        int[] order = [ExitStatus.Violated, ExitStatus.GaveUp, ExitStatus.CannotTell];
        return order.FirstOrDefault(
            s =>
                _checked.Exists(c => c.Status == s) || _answers.Exists(a => a.Status == s) || _selfTests.Contains(s),
            ExitStatus.Done
        );
    }

    private void One(string argument, Scheme scheme)
    {
        if (!AreStated(scheme))
        {
            _isWrong = true;
            return;
        }

        var options = settings.Options(scheme);
        if (Check(scheme, options) is not { } result)
            return;
        // What follows are searches of their own.
        options = options with { Files = SearchFiles.None };
        if (settings.Properties.FirstOrDefault(p => result.NotChecked.ContainsKey(p) && !IsKnown(result, p)) is { } no)
        {
            Console.Error.WriteLine($"lazykick: with these knobs no step of '{scheme.Name}' can violate {no}");
            _isWrong = true;
            return;
        }

        var diagnostics = new DiagnosticCollection();
        var entries = IsPath(argument) ? ExpectedCheck.Beside(scheme, diagnostics) : [];
        Report(diagnostics);
        var expected = settings.Properties.Count > 0 ? null : ExpectedCheck.Find(entries, result);
        var found = new CheckedScheme(argument, result, [], settings.Properties, expected)
        {
            Reach = settings.IsFree ? Reach.Of(result, options, cancellation) : null,
        };
        SearchProgressLine.Clear();
        if (settings.IsRaised && result.Memory != MemoryModel.Sc)
            found = found with { Raised = Raised(scheme, found, options) };
        Show(found);
        if (!settings.Json)
        {
            foreach (var (next, before) in found.Raised.Zip(found.Raised.Prepend(result)))
                _text.Raised(next, before, settings.Properties);
        }

        if (settings.Another > 0 && found.Drawn is { } drawn)
            found = found with { Others = Others(scheme, found, drawn, options) };
        _checked.Add(settings.Against.Count > 0 ? found with { Twin = Twin(argument, scheme, options) } : found);
    }

    /// <summary>
    /// The checks with more accesses in flight. An answer that one of them may change is told as progress, at once; the
    /// first line of the output is what all of them come to.
    /// </summary>
    private List<CheckResult> Raised(Scheme scheme, CheckedScheme found, CheckOptions options)
    {
        var raised = new List<CheckResult>();
        foreach (var next in Raising.From(scheme, found.Result, options, settings.Properties, Tell, cancellation))
        {
            SearchProgressLine.Clear();
            raised.Add(next);
        }

        SearchProgressLine.Clear();
        return raised;

        void Tell(CheckResult last)
        {
            SearchProgressLine.Clear();
            var answer = last.AnswerOn(settings.Properties).Kind == AnswerKind.Holds ? "holds" : "is not shown";
            Console.Error.WriteLine(
                $"raising: {scheme.Name} {answer} with {last.InFlight} accesses in flight on a CPU; trying "
                    + $"{last.InFlight + 1}"
            );
        }
    }

    private CheckedScheme? Twin(string argument, Scheme scheme, CheckOptions options)
    {
        var knobs = new Dictionary<string, string>(options.Knobs, StringComparer.Ordinal);
        foreach (var (knob, value) in settings.Against)
            knobs[knob] = value;
        return Check(scheme, options with { Knobs = knobs }) is { } result
            ? new CheckedScheme(argument, result, [], settings.Properties, null)
            : null;
    }

    /// <summary>Races of the property that is drawn, each of another kind than those before.</summary>
    private List<PropertyVerdict> Others(
        Scheme scheme,
        CheckedScheme found,
        PropertyVerdict drawn,
        CheckOptions options
    )
    {
        var others = new List<PropertyVerdict>();
        var seen = new List<RaceKind>();
        options = options with { InFlight = Math.Max(1, found.Decisive.InFlight) };
        for (var last = drawn; others.Count < settings.Another; last = others[^1])
        {
            if (last.Race.Value is not { } race)
                break;
            if (RaceKind.Of(race) is not { } kind)
            {
                if (!settings.Json)
                    _text.OneKind(drawn.Property);
                break;
            }

            seen.Add(kind);
            if (Check(scheme, options with { Only = place => !seen.Exists(k => k.Has(place)) }) is not { } result)
                break;
            var other = result.Verdicts.FirstOrDefault(v =>
                v.Property == drawn.Property && v.Verdict == Verdict.Violated
            );
            if (!settings.Json)
            {
                var isWhole = result.End == SearchEnd.Exhausted;
                _text.Another(drawn.Property, other, [.. seen.Select(k => k.ToString())], isWhole, settings.AllMoves);
            }

            if (other is null)
                break;
            others.Add(other);
        }

        return others;
    }

    /// <summary>Whether text at some positions may be old, and how.</summary>
    private void At(Scheme scheme, PositionPattern pattern)
    {
        var diagnostics = new DiagnosticCollection();
        var answer = PositionAnswer.Find(scheme, settings.Options(scheme), pattern, diagnostics, cancellation);
        SearchProgressLine.Clear();
        Report(diagnostics);
        if (answer is null)
        {
            _isWrong = true;
            return;
        }

        if (!settings.Json)
        {
            if (_answers.Count > 0)
                Terminal.Standard.Line();
            new PositionText(Terminal.Standard).Write(answer, pattern, settings.AllMoves);
        }

        _answers.Add(answer);
    }

    /// <summary>Whether the reduced search of a scheme gives the answers of the whole one.</summary>
    private void SelfTest(Scheme scheme)
    {
        var options = settings.Options(scheme);
        if (Check(scheme, options with { Exact = true }) is not { } exact)
            return;
        if (Check(scheme, options with { Exact = false }) is not { } reduced)
            return;
        var isWhole = exact.End == SearchEnd.Exhausted && reduced.End == SearchEnd.Exhausted;
        var differences = isWhole ? ReductionTest.Differences(exact, reduced) : [];
        _text.SelfTest(exact, reduced, isWhole, differences);
        _selfTests.Add(
            !isWhole ? ExitStatus.GaveUp
            : differences.Count > 0 ? ExitStatus.Violated
            : ExitStatus.Done
        );
    }

    /// <summary>Every configuration of the file, and whether all is as expected.</summary>
    private void Expected(string argument, Scheme scheme)
    {
        var diagnostics = new DiagnosticCollection();
        var entries = ExpectedCheck.Beside(scheme, diagnostics);
        Report(diagnostics);
        if (diagnostics.Count > 0)
            return;
        if (entries.Count == 0)
        {
            var file = Path.ChangeExtension(scheme.Header.Span.Source.Path, ".expected");
            Console.Error.WriteLine($"lazykick: {file}: there is no such file, or it says nothing");
            Console.Error.WriteLine("    write a line such as 'cpus 2 memory arm', and below it, indented, 'S1 holds'");
            _isWrong = true;
            return;
        }

        foreach (var entry in entries)
        {
            var options = settings.Options(scheme) with
            {
                Cpus = entry.Cpus,
                Memory = Enum.TryParse<MemoryModel>(entry.Memory, ignoreCase: true, out var memory) ? memory : default,
                Knobs = entry.Knobs,
                Exact = true,
            };
            if (Check(scheme, options) is not { } result)
                continue;
            var found = new CheckedScheme(argument, result, [], [], entry) { IsExpectation = true };
            _checked.Add(found);
            if (!settings.Json)
                _text.Expected(found);
        }
    }

    private CheckResult? Check(Scheme scheme, CheckOptions options)
    {
        var diagnostics = new DiagnosticCollection();
        try
        {
            return SchemeCheck.Run(scheme, options, diagnostics, cancellation);
        }
        catch (Exception e)
            when (options.Files != SearchFiles.None
                && e
                    is IOException
                        or InvalidDataException
                        or UnauthorizedAccessException
                        or PlatformNotSupportedException
            )
        {
            // The files of a long search: one of another search, one that is there already, a full disk.
            SearchProgressLine.Clear();
            Console.Error.WriteLine($"lazykick: {e.Message}");
            _isWrong = true;
            return null;
        }
        finally
        {
            SearchProgressLine.Clear();
            Report(diagnostics);
        }
    }

    private void Show(CheckedScheme found)
    {
        if (settings.Json)
            return;
        if (_checked.Count > 0)
            Terminal.Standard.Line();
        _text.Write(found, settings.AllPositions, settings.AllMoves);
    }

    private bool AreStated(Scheme scheme)
    {
        var stated = PropertyList.Of(scheme).Select(p => p.Id).ToList();
        if (settings.Properties.FirstOrDefault(p => !stated.Contains(p)) is not { } name)
            return true;
        Console.Error.WriteLine(
            PropertyList.Find(name)?.WhyNotStated(scheme) is { } why
                ? $"lazykick: '{scheme.Name}' does not state {name} ({why})"
                : $"lazykick: '{scheme.Name}' has no property '{name}'; "
                    + $"{Suggestion.For(name, stated) ?? $"its properties: {string.Join(", ", stated)}"}"
        );
        return false;
    }

    private static bool IsKnown(CheckResult result, string property) =>
        result.Verdicts.Any(v => v.Property == property);

    private static bool IsPath(string argument) => argument.EndsWith(".kick", StringComparison.Ordinal);

    private void Report(DiagnosticCollection diagnostics)
    {
        SchemeArgument.Report(diagnostics, Console.Error);
        _isWrong |= diagnostics.Count > 0;
    }
}
