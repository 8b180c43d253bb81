namespace Lazykick.Checking.Exploration;

/// <summary>One way on from a state, as far as a race tells of it.</summary>
internal interface IStep
{
    /// <summary>The CPU that moves.</summary>
    int Cpu { get; }

    /// <summary>Among steps of one CPU the lower ones are told first.</summary>
    int Rank => 0;
}
