using Lazykick.Checking.Export;
using Lazykick.Checking.Litmus.Answers;
using Lazykick.Checking.Litmus.Reading;
using Lazykick.Checking.Memory;
using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Tests.Export;

/// <summary>Exports of schemes for tests: settings are written as on the command line.</summary>
internal static class Exported
{
    public static ExportResult Run(
        string scheme,
        string settings = "",
        string? against = null,
        string? property = null,
        MemoryModel? memory = null,
        int window = 2
    ) =>
        Run(
            SchemeLoader.FromCatalogue(scheme)!,
            Knobs(settings),
            against is null ? null : Knobs(against),
            property,
            memory,
            window
        );

    public static ExportResult Run(
        Scheme scheme,
        Dictionary<string, string> knobs,
        Dictionary<string, string>? against,
        string? property,
        MemoryModel? memory,
        int window,
        int cpus = 2
    )
    {
        var diagnostics = new DiagnosticCollection();
        var options = new ExportOptions
        {
            Check = new CheckOptions
            {
                Cpus = cpus,
                Knobs = knobs,
                Memory =
                    memory
                    ?? scheme.Arch switch
                    {
                        "x86_64" => MemoryModel.Tso,
                        "arm64" => MemoryModel.Arm,
                        _ => MemoryModel.Sc,
                    },
                InFlight = window,
            },
            Property = property,
            Against = against,
        };
        var result = LitmusExport.Run(scheme, options, diagnostics, TestContext.Current.CancellationToken);
        Assert.Empty(diagnostics.Select(d => d.Render()));
        return result!;
    }

    /// <summary>The tests of an export that is not refused, each read again and judged as its file stands.</summary>
    public static IReadOnlyList<ExportedTest> Tests(ExportResult result)
    {
        Assert.True(result.Refusal is null, $"{result.Refusal?.Message}\n{result.Refusal?.Hint}");
        Assert.NotEmpty(result.Tests);
        foreach (var test in result.Tests)
        {
            var read = LitmusReader.Read(test.Text);
            Assert.Equal(test.Name, read.Name);
            Assert.Equal(test.Verdict, Judge(test, test.Memory));
            Assert.Equal(test.UsualVerdict, Judge(test, null));
        }

        return result.Tests;
    }

    /// <summary>The file without its remarks: they name lines and lengths that change with the schemes.</summary>
    public static string WithoutRemarks(string text)
    {
        var begin = text.IndexOf("(*", StringComparison.Ordinal);
        var end = text.IndexOf("*)\n", begin, StringComparison.Ordinal);
        return text[..begin] + text[(end + 3)..];
    }

    private static string Judge(ExportedTest test, MemoryModel? model) =>
        LitmusRunner
            .Run(
                LitmusReader.Read(test.Text),
                new LitmusOptions { Model = model },
                TestContext.Current.CancellationToken
            )
            .Kind;

    private static Dictionary<string, string> Knobs(string settings) =>
        settings
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(s => s.Split('='))
            .ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);
}
