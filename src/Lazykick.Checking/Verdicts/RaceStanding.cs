using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Verdicts;

/// <summary>Where a CPU stands for good when a kick cannot return.</summary>
/// <param name="Cpu">The CPU.</param>
/// <param name="Path">The path that it is in, or the place.</param>
/// <param name="Step">The step before which it stands; empty at a place.</param>
/// <param name="Span">Where that is written.</param>
public sealed record RaceStanding(int Cpu, string Path, string Step, SourceSpan Span)
{
    /// <summary>
    /// It waits: the variables in memory that it waits for, each with its value and who would change it.
    /// </summary>
    public IReadOnlyList<RaceWait> WaitsFor { get; init; } = [];

    /// <summary>It goes round in a loop and gets nowhere: the step is what the loop turns on.</summary>
    public bool IsLooping { get; init; }

    /// <summary>Messages that it has pending and does not take.</summary>
    public IReadOnlyList<string> Pending { get; init; } = [];

    /// <summary>Messages that are pending, and switched off on this CPU (M29).</summary>
    public IReadOnlyList<string> SwitchedOff { get; init; } = [];

    /// <summary>Interrupts are masked.</summary>
    public bool IsMasked { get; init; }

    /// <summary>It may stay there as long as it likes: a place, or a rest.</summary>
    public bool MayStay { get; init; }
}

/// <summary>What a CPU waits for.</summary>
/// <param name="Variable">The variable, with its CPU.</param>
/// <param name="Value">The value that it has.</param>
/// <param name="Setters">Steps of other CPUs that would give it a value that ends the wait; of a lock the steps of its
/// holder that would give it back.</param>
public sealed record RaceWait(string Variable, string Value, IReadOnlyList<RaceSetter> Setters)
{
    /// <summary>Of a lock: the CPU that holds it, which may be the one that waits; else null.</summary>
    public int? Holder { get; init; }
}

/// <summary>A step that would end a wait.</summary>
/// <param name="Cpu">Whose.</param>
/// <param name="Path">The path that it belongs to.</param>
/// <param name="Step">The step as the scheme writes it.</param>
/// <param name="Span">Where it is written.</param>
/// <param name="LacksInterrupt">Only an interrupt brings that CPU to the step, and none is pending there.</param>
public sealed record RaceSetter(int Cpu, string Path, string Step, SourceSpan Span, bool LacksInterrupt)
    : RaceText(Cpu, Path, Step, Span);
