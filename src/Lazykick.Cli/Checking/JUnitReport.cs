using System.Globalization;
using System.Text;
using System.Xml;
using Lazykick.Checking.Verdicts;
using Lazykick.Cli.Drawing;
using Lazykick.Cli.Output;

namespace Lazykick.Cli.Checking;

/// <summary>
/// Checks as JUnit XML, which every CI reads: a suite for each configuration, a case for each property that decides the
/// exit status. What is violated failed, what is not shown is an error, what was not asked is skipped.
/// </summary>
internal static class JUnitReport
{
    public static bool Write(string path, IReadOnlyList<CheckedScheme> checks, TextWriter errors) =>
        ReportFile.Write(path, stream => Write(stream, checks), errors);

    private static void Write(Stream stream, IReadOnlyList<CheckedScheme> checks)
    {
        var settings = new XmlWriterSettings
        {
            Indent = true,
            Encoding = new UTF8Encoding(false),
            NewLineChars = "\n",
        };
        using var xml = XmlWriter.Create(stream, settings);
        xml.WriteStartElement("testsuites");
        xml.WriteAttributeString("name", "lazykick check");
        foreach (var found in checks)
            Suite(xml, found);
        xml.WriteEndElement();
    }

    private static void Suite(XmlWriter xml, CheckedScheme found)
    {
        var result = found.Decisive;
        var name = found.Expected is { } e ? $"{result.Scheme.Name} {e.Configuration}" : Name(result);
        var isExpected = found.IsExpectation;
        var asked = found.Answer.Properties.ToHashSet(StringComparer.Ordinal);
        List<PropertyVerdict> shown = isExpected ? [] : [.. found.Shown];
        var judged = shown.Where(v => asked.Contains(v.Property)).ToList();
        var isFailure = found.Differences.Count > 0 || found.IsBrokenByMoreCpus;
        var isError = !isFailure && !isExpected && found.Answer.Kind is AnswerKind.NotShown or AnswerKind.GaveUp;
        xml.WriteStartElement("testsuite");
        xml.WriteAttributeString("name", name);
        Count(xml, "tests", shown.Count + 1);
        Count(xml, "failures", judged.Count(v => v.Verdict == Verdict.Violated) + (isFailure ? 1 : 0));
        Count(xml, "errors", judged.Count(IsOpen) + (isError ? 1 : 0));
        Count(xml, "skipped", shown.Count - judged.Count);
        xml.WriteAttributeString("time", result.Elapsed.TotalSeconds.ToString("F3", CultureInfo.InvariantCulture));
        foreach (var verdict in shown)
            Case(xml, name, verdict, asked.Contains(verdict.Property), result);
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", name);
        xml.WriteAttributeString("name", isExpected ? "as expected" : "answer");
        if (found.Differences.Count > 0)
        {
            Fail(xml, "failure", "not as expected", string.Join('\n', found.Differences));
        }
        else if (isFailure)
        {
            Fail(xml, "failure", "violated", string.Join('\n', found.Answer.Reasons));
        }
        else if (isError)
        {
            Fail(
                xml,
                "error",
                "not shown",
                string.Join('\n', found.Answer.Reasons.DefaultIfEmpty(SearchEndText.Of(result.End)))
            );
        }

        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static bool IsOpen(PropertyVerdict verdict) => verdict.Verdict is Verdict.NotChecked or Verdict.Undecided;

    private static void Case(XmlWriter xml, string suite, PropertyVerdict verdict, bool isAsked, CheckResult result)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", suite);
        xml.WriteAttributeString("name", verdict.Property);
        if (!isAsked)
        {
            xml.WriteStartElement("skipped");
            xml.WriteAttributeString("message", "not promised");
            xml.WriteEndElement();
        }
        else if (verdict.Verdict == Verdict.Violated)
        {
            var race = verdict.Race.Value is { } found ? RaceDrawing.Draw(found) : "";
            Fail(xml, "failure", $"violated in {verdict.Length} moves", race);
        }
        else if (verdict.Verdict != Verdict.Holds)
        {
            Fail(xml, "error", verdict.Reason ?? SearchEndText.Of(result.End), "");
        }

        xml.WriteEndElement();
    }

    private static void Fail(XmlWriter xml, string element, string message, string text)
    {
        xml.WriteStartElement(element);
        xml.WriteAttributeString("message", message);
        xml.WriteString(text);
        xml.WriteEndElement();
    }

    private static void Count(XmlWriter xml, string name, int count) =>
        xml.WriteAttributeString(name, count.ToString(CultureInfo.InvariantCulture));

    private static string Name(CheckResult result)
    {
        var knobs = result
            .Scheme.Knobs.Values.Where(k => result.Knobs[k.Name] != k.Values[k.Default])
            .Select(k => $" {k.Name}={result.Knobs[k.Name]}");
        return $"{result.Scheme.Name} cpus {result.Cpus} memory "
            + $"{result.Memory.ToString().ToLowerInvariant()}{string.Concat(knobs)}";
    }
}
