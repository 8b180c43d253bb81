using Lazykick.Checking.Changes;

namespace Lazykick.Cli.Repairs;

/// <summary>What an addition costs, as far as anybody has said: docs/guide/questions.md has the sources.</summary>
internal static class RepairCosts
{
    /// <summary>What each pass costs.</summary>
    public static string Time(Repair repair)
    {
        if (repair.Runs.Count == 0)
            return "";
        var places = repair
            .Runs.GroupBy(r => r.Path)
            .Select(g => (Path: g.Key, Places: g.Max(r => r.Places)))
            .Select(r => r.Places == 1 ? r.Path : $"{r.Path} ({r.Places} places)");
        return $"runs in {string.Join(", ", places)}; ns for each run: not known";
    }

    /// <summary>What it adds to a kick.</summary>
    public static string Interrupts(Repair repair)
    {
        var policy = repair.Parts.FirstOrDefault(p => p.Kind == PartKind.Policy);
        return policy is null ? "no more IPIs"
            : policy.Text == Part.SkipNobody ? "an IPI to every other CPU, each kick"
            : $"an IPI to each CPU of which '{policy.Text["interrupt when ".Length..]}' holds, each kick";
    }
}
