using System.Globalization;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Graphs;
using Lazykick.Checking.Memory;
using Lazykick.Checking.Promela;
using Lazykick.Checking.Verdicts;
using Lazykick.Cli.Checking;
using Lazykick.Cli.Json;
using Lazykick.Cli.Output;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Cli.Export;

/// <summary><c>export --promela</c> and <c>export --dot</c>: the whole scheme, not a race of it.</summary>
/// <param name="output">A file, or null for standard output.</param>
/// <param name="json">Write one JSON document.</param>
/// <param name="cancellation">Ends a search.</param>
internal sealed class ModelExport(string? output, bool json, CancellationToken cancellation)
{
    private const string Schema = "lazykick.model/1";

    /// <summary>A model for Spin.</summary>
    public int Promela(Scheme scheme, CheckOptions options)
    {
        var diagnostics = new DiagnosticCollection();
        if (PromelaModel.Of(scheme, options, diagnostics) is not { } model)
            return Refuse(diagnostics);
        return Write(
            model.Text,
            () =>
                new(
                    Schema,
                    "promela",
                    scheme.Name,
                    MemoryModel.Sc,
                    options.Cpus,
                    SchemeCheck.KnobsOf(scheme, options.Knobs, diagnostics),
                    model.Text,
                    [.. model.Checked.Select(p => new ModelDocument.CheckedMacro(p, PromelaModel.MacroOf(p)))],
                    model.More.States,
                    model.More.Transitions,
                    null,
                    null
                )
        );
    }

    /// <summary>A graph for graphviz.</summary>
    public int Dot(Scheme scheme, CheckOptions options)
    {
        var diagnostics = new DiagnosticCollection();
        if (StateGraph.Of(scheme, options, diagnostics, cancellation) is not { } graph)
            return Refuse(diagnostics);
        SearchProgressLine.Clear();
        cancellation.ThrowIfCancellationRequested();
        if (graph.Check.End != SearchEnd.Exhausted)
        {
            var why =
                graph.Check.End == SearchEnd.StateLimit
                    ? string.Create(
                        CultureInfo.InvariantCulture,
                        $"it has more than {options.Limits.MaxStates:N0} states, and no drawing of so many can be read"
                    )
                    : SearchEndText.Of(graph.Check.End);
            Console.Error.WriteLine($"lazykick: {scheme.Name}: no graph: {why}");
            Console.Error.WriteLine("    leave parts of it out with --set, or allow more with --max-states N");
            return ExitStatus.GaveUp;
        }

        return Write(
            graph.Text,
            () =>
                new(
                    Schema,
                    "dot",
                    scheme.Name,
                    options.Memory,
                    options.Cpus,
                    graph.Check.Knobs,
                    graph.Text,
                    null,
                    null,
                    null,
                    graph.States,
                    graph.Moves
                )
        );
    }

    private static int Refuse(DiagnosticCollection diagnostics)
    {
        SchemeArgument.Report(diagnostics, Console.Error);
        return ExitStatus.WrongInput;
    }

    private int Write(string text, Func<ModelDocument> document)
    {
        if (json)
        {
            JsonOutput.Print(document(), JsonOutput.Documents.ModelDocument);
        }
        else if (output is null)
        {
            Console.Out.Write(text);
        }
        else if (
            !ReportFile.Write(output, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)), Console.Error)
        )
        {
            return ExitStatus.WrongInput;
        }

        return ExitStatus.Done;
    }
}
