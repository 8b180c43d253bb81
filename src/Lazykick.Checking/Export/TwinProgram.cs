namespace Lazykick.Checking.Export;

/// <summary>The programs of a race's CPUs with other knobs, and which of their steps are those of the race.</summary>
/// <param name="Programs">By CPU: the steps in program order.</param>
/// <param name="Like">A step of the race to the same step here.</param>
internal sealed record TwinProgram(IReadOnlyList<RaceEvent>[] Programs, IReadOnlyDictionary<RaceEvent, RaceEvent> Like)
{
    /// <summary>The test of a core, compiled from these programs.</summary>
    public TestProgram Build(Core core, TestValues values)
    {
        foreach (var (of, here) in Like)
            values.Add(here, of);
        var translated = core with
        {
            Kept = core.Kept.Select(k => Like[k]).ToHashSet(),
            Pinned = core.Pinned.Select(k => Like[k]).ToHashSet(),
        };
        return TestBuilder.Build(translated, Programs, values);
    }
}
