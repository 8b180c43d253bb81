using System.Text.Json;
using System.Text.Json.Serialization;
using Lazykick.Auditing.Keys;
using Lazykick.Auditing.Walking;
using Lazykick.Checking.Changes;
using Lazykick.Checking.Claims;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Litmus.Answers;
using Lazykick.Checking.Litmus.Machine;
using Lazykick.Checking.Memory;
using Lazykick.Checking.Moves;
using Lazykick.Checking.Verdicts;
using Lazykick.Traces.Comparing;

namespace Lazykick.Cli.Json;

/// <summary>
/// Every document that a command writes, and the one set of options for all of them: names and enum values in
/// camelCase, null left out, indented. A new document gets a line below; so does an enum that stands in one, or it
/// would be written as a number.
/// </summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.General,
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [
        typeof(CamelCaseEnum<AnswerKind>),
        typeof(CamelCaseEnum<ChangeVerdict>),
        typeof(CamelCaseEnum<ClaimOutcome>),
        typeof(CamelCaseEnum<LitmusEventKind>),
        typeof(CamelCaseEnum<LitmusObservation>),
        typeof(CamelCaseEnum<MemoryModel>),
        typeof(CamelCaseEnum<MovePhase>),
        typeof(CamelCaseEnum<PartKind>),
        typeof(CamelCaseEnum<Progress>),
        typeof(CamelCaseEnum<RaceAccess>),
        typeof(CamelCaseEnum<RaceMoveKind>),
        typeof(CamelCaseEnum<RemovalVerdict>),
        typeof(CamelCaseEnum<Sealing>),
        typeof(CamelCaseEnum<SearchEnd>),
        typeof(CamelCaseEnum<SiteKind>),
        typeof(CamelCaseEnum<Verdict>),
    ]
)]
[JsonSerializable(typeof(AuditDiffDocument))]
[JsonSerializable(typeof(AuditDocument))]
[JsonSerializable(typeof(CheckDocument))]
[JsonSerializable(typeof(CheckPageDocument))]
[JsonSerializable(typeof(ClaimsDocument))]
[JsonSerializable(typeof(DemoDocument))]
[JsonSerializable(typeof(DiffDocument))]
[JsonSerializable(typeof(ExecutionDocument))]
[JsonSerializable(typeof(ExportDocument))]
[JsonSerializable(typeof(LitmusDocument))]
[JsonSerializable(typeof(ModelDocument))]
[JsonSerializable(typeof(PositionDocument))]
[JsonSerializable(typeof(RecordCheckDocument))]
[JsonSerializable(typeof(RecordDocument))]
[JsonSerializable(typeof(RepairDocument))]
[JsonSerializable(typeof(ReplayDocument))]
[JsonSerializable(typeof(ReportDiffDocument))]
[JsonSerializable(typeof(ReportPageDocument))]
[JsonSerializable(typeof(SarifDocument))]
[JsonSerializable(typeof(SchemeDocument))]
[JsonSerializable(typeof(ReportDocument))]
[JsonSerializable(typeof(SchemesDocument))]
[JsonSerializable(typeof(SweepDocument))]
[JsonSerializable(typeof(WatchDocument))]
internal sealed partial class JsonDocuments : JsonSerializerContext;
