namespace Lazykick.Checking.Exploration;

/// <summary>One way on from a state, as far as a race tells of it.</summary>
internal interface IStep
{
    /// <summary>The CPU that moves.</summary>
    int Cpu { get; }
}
