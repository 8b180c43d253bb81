using Lazykick.Checking.Changes;
using Lazykick.Cli.Json;
using Lazykick.Cli.Output;

namespace Lazykick.Cli.Repairs;

/// <summary>The JSON form of what <c>repair</c> found.</summary>
internal static class RepairJson
{
    public const string Schema = "lazykick.repair/1";

    public static RepairDocument Of(RepairAnswer answer) =>
        new()
        {
            Schema = Schema,
            Scheme = answer.Check.Scheme.Name,
            Memory = answer.Check.Memory,
            Cpus = answer.Check.Cpus,
            Knobs = answer.Check.Knobs,
            Property = answer.Property,
            Complete = answer.Status != ExitStatus.GaveUp,
            Length = answer.Repairs?.Length,
            Candidates = answer.Repairs?.Candidates,
            MostParts = answer.Repairs?.MostParts,
            Repairs = answer
                .Repairs?.Found.Select(r => new RepairDocument.MendingSet(Parts(r.Parts), r.Without, r.States, null))
                .ToList(),
            Refused = answer
                .Repairs?.Refused.Select(r => new RepairDocument.MendingSet(Parts(r.Parts), null, null, r.Broken))
                .ToList(),
            Held = answer.Redundancy?.Held,
            Parts = answer
                .Redundancy?.Parts.Select(p => new RepairDocument.CheckedPart(Part(p.Part), p.Verdict, p.Reason))
                .ToList(),
            NotExplored = answer.Check.NotExplored,
            Assumptions = answer.Check.Assumptions,
        };

    private static List<RepairDocument.NamedPart> Parts(IReadOnlyList<Part> parts) => [.. parts.Select(Part)];

    private static RepairDocument.NamedPart Part(Part part) =>
        new(part.Kind, part.Text, part.Block, part.Span.Source.Path, part.Span.Line);
}
