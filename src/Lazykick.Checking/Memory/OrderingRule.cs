namespace Lazykick.Checking.Memory;

/// <summary>One rule of "the younger must wait for the older".</summary>
/// <param name="Id">Its number, such as <c>A6</c>: A for Arm, T for TSO, S for sequential consistency, M for
/// all.</param>
/// <param name="Text">What it says.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="Test">The litmus test of the suite whose verdict hangs on it.</param>
public sealed record OrderingRule(string Id, string Text, string Source, string Test);
