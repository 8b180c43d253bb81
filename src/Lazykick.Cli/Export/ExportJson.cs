using Lazykick.Checking.Export;
using Lazykick.Checking.Verdicts;
using Lazykick.Cli.Json;

namespace Lazykick.Cli.Export;

/// <summary>Exported tests for programs: docs/reference/json.md.</summary>
internal static class ExportJson
{
    public static ExportDocument Of(ExportResult result, CheckResult check) =>
        new(
            "lazykick.export/2",
            check.Scheme.Name,
            result.Property!,
            check.Memory,
            check.Cpus,
            check.InFlight,
            [.. result.Tests.Select(Test)]
        );

    private static ExportDocument.LitmusFile Test(ExportedTest test) =>
        new(test.Name, test.Knobs, test.Verdict, test.UsualVerdict, test.Text, test.Kept, test.Dropped);
}
