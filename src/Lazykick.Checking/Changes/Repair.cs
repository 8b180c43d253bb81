namespace Lazykick.Checking.Changes;

/// <summary>A minimal set of additions that makes a property hold.</summary>
/// <param name="Parts">What is added.</param>
/// <param name="Without">By part: the length of a race without it, the others kept. All of them are needed.</param>
/// <param name="States">States of the whole space in which the property then holds.</param>
/// <param name="Runs">By path: at how many places of it added steps run.</param>
public sealed record Repair(
    IReadOnlyList<Part> Parts,
    IReadOnlyList<int> Without,
    long States,
    IReadOnlyList<(string Path, int Places)> Runs
)
{
    /// <summary>A policy skips no CPU any more: what makes skipping safe is not needed then.</summary>
    public bool SkipsNobody => Parts.Any(p => p.Text == Part.SkipNobody);
}
