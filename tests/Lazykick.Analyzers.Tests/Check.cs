using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Lazykick.Analyzers.Tests;

/// <summary>
/// Compiles the body of a method and compares what the analyzers report with the marks in it: <c>[|LKR001: text|]</c>
/// stands around what has to be reported, and nothing else may be. <c>LKR003!</c> has to be an error, <c>LKR003?</c> a
/// warning.
/// </summary>
internal static class Check
{
    private static readonly ImmutableArray<DiagnosticAnalyzer> Analyzers =
    [
        new DisposalAnalyzer(),
        new WaitAnalyzer(),
        new EscapeAnalyzer(),
        new AwaitAnalyzer(),
        new ScopeCopyAnalyzer(),
        new UnprotectedReadAnalyzer(),
        new RetireAnalyzer(),
    ];

    private static readonly ImmutableArray<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    public static Task Body(string body, string returns = "void", string parameters = "") =>
        Method(body, returns, parameters, isAsync: false);

    public static Task AsyncBody(string body) => Method(body, "async Task", "", isAsync: true);

    /// <summary>What the analyzers say about a body.</summary>
    public static async Task<IEnumerable<string>> Messages(string body, string parameters)
    {
        var found = await Analyze(Program(body, "void", parameters, isAsync: false));
        return found.Select(diagnostic => diagnostic.GetMessage(CultureInfo.InvariantCulture));
    }

    private static Task Method(string body, string modifiers, string parameters, bool isAsync) =>
        Source(Program(body, modifiers, parameters, isAsync));

    private static string Program(string body, string modifiers, string parameters, bool isAsync) =>
        $$"""
        using System;
        using System.Threading;
        using System.Threading.Tasks;
        using Lazykick;

        {{(isAsync ? "" : "unsafe")}} class Program
        {
            [RcuProtected] static string? s_model;
            static string? s_kept;
            {{(isAsync ? "" : "static long* s_table; static long* s_keptTable;")}}
            static nint s_word;
            static IDisposable? s_resource;
            static Action? s_action;
            static System.IO.Stream s_stream = System.IO.Stream.Null;
            static readonly object s_gate = new();
            static readonly RcuDomain s_otherDomain = new();
            static void Helper() => Thread.Sleep(1);
            static void Quick() => Thread.SpinWait(1);
            static bool Next() => s_kept is not null;
            static void ByValue(ReadScope scope) { }
            static void ByReference(in ReadScope scope) { }
            static void Use(ReadOnlySpan<byte> bytes) { }
            static readonly RcuDomain s_domain = new();
            static readonly MappedFileSlot s_slot = new(s_domain);
            static readonly RcuPointer<long> s_pointer = new(s_domain);
            static readonly NativeRcuMap<long, long> s_map = new(s_domain);
            static readonly RcuReference<System.IO.Stream> s_reference = new(s_domain);
            static readonly HotSwap<System.IO.Stream> s_swap = new(s_domain);
            static readonly HotSwap<System.IO.Stream> s_otherSwap = new(s_otherDomain);
            static HotSwap<System.IO.Stream> s_anySwap = s_swap;
            static readonly System.Collections.Generic.List<System.IO.Stream> s_list = [];
            static readonly RcuThread s_thread = s_domain.Register();
            ref struct Holder { public MappedView V; public int N; }

            {{modifiers}} Test({{parameters}})
            {
        {{body}}
            }
        }
        """;

    private static async Task<List<Diagnostic>> Analyze(string source)
    {
        var compilation = CSharpCompilation.Create(
            "Sample",
            [CSharpSyntaxTree.ParseText(source)],
            References,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                allowUnsafe: true,
                nullableContextOptions: NullableContextOptions.Enable
            )
        );
        Assert.Empty(compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        var found = await compilation.WithAnalyzers(Analyzers).GetAnalyzerDiagnosticsAsync();
        return [.. found.OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start)];
    }

    private static async Task Source(string marked)
    {
        var source = Unmark(marked, out var expected);
        var ordered = await Analyze(source);
        Assert.Equal(
            expected.Select(mark => $"{mark.Id} at '{source.Substring(mark.Span.Start, mark.Span.Length)}'"),
            ordered
                .Select(diagnostic => (diagnostic.Id, Span: diagnostic.Location.SourceSpan))
                .Select(at => $"{at.Id} at '{source.Substring(at.Span.Start, at.Span.Length)}'")
        );
        Assert.All(
            expected.Zip(ordered),
            pair => Assert.Equal(pair.First.Severity ?? pair.Second.Severity, pair.Second.Severity)
        );
    }

    private static string Unmark(
        string marked,
        out List<(string Id, DiagnosticSeverity? Severity, TextSpan Span)> marks
    )
    {
        marks = [];
        int start;
        while ((start = marked.IndexOf("[|", StringComparison.Ordinal)) >= 0)
        {
            var end = marked.IndexOf("|]", start, StringComparison.Ordinal);
            var inner = marked[(start + 2)..end];
            var colon = inner.IndexOf(':', StringComparison.Ordinal);
            DiagnosticSeverity? severity = inner[6] switch
            {
                '!' => DiagnosticSeverity.Error,
                '?' => DiagnosticSeverity.Warning,
                _ => null,
            };
            var text = inner[(colon + 2)..];
            marks.Add((inner[..6], severity, new TextSpan(start, text.Length)));
            marked = marked[..start] + text + marked[(end + 2)..];
        }

        return marked;
    }
}
