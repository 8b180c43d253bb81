using Lazykick.Checking.Properties;
using Lazykick.Checking.Verdicts;

namespace Lazykick.Cli.Checking;

/// <summary>
/// What tells a race from others of its property: the path in which old text runs, or the step that violates.
/// </summary>
internal sealed record RaceKind(string Path, string Step)
{
    /// <summary>The kind of a race; null for S8, which no step violates.</summary>
    public static RaceKind? Of(Race race) =>
        race.OldText is { } old ? new(old.Path, "")
        : race.Property is S8Return || race.Moves.Count == 0 ? null
        : new(race.Moves[^1].Path, race.Moves[^1].Step);

    /// <summary>The step is where races of this kind end.</summary>
    public bool Has(StepPlace place) => place.Path == Path && (Step.Length == 0 || place.Step == Step);

    public override string ToString() => Step.Length == 0 ? Path : $"{Path}: {Step}";
}
