namespace Lazykick.Checking.Exploration;

/// <summary>One move on from a state, as far as a race tells of it.</summary>
internal interface IStep
{
    /// <summary>
    /// 1 for a step that a reader would take to be impossible here, though it is not: of executions of the same length
    /// one with fewer of these is shown.
    /// </summary>
    int Disorder => 0;

    /// <summary>The CPU that moves.</summary>
    int Cpu { get; }

    /// <summary>Moves that it stands for: levels from the state before it to the one after it.</summary>
    int Weight => 1;

    /// <summary>Among steps of one CPU the lower ones are told first.</summary>
    int Rank => 0;
}
