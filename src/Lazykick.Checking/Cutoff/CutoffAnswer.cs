namespace Lazykick.Checking.Cutoff;

/// <summary>Whether the verdicts for one kicker and one target are those for any number of targets.</summary>
/// <param name="Reason">Why that is not proved, with file and line; null: it is.</param>
/// <param name="Excepted">
/// Properties that the proof leaves out, each with the reason; empty where <paramref name="Reason"/> is not.
/// </param>
public sealed record CutoffAnswer(string? Reason, IReadOnlyDictionary<string, string> Excepted)
{
    /// <summary>What holds for one target holds for any number of targets.</summary>
    public bool Applies => Reason is null;
}
