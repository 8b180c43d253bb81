namespace Lazykick.Checking.Tests.Naive;

/// <summary>A step that a CPU can come to, were there no tests in the way but those over knobs and flags.</summary>
/// <param name="Role">The role of the CPU.</param>
/// <param name="Position">The whole chain of calls.</param>
/// <param name="IsTaken">Some execution takes it.</param>
internal sealed record NaiveStep(string Role, string Position, bool IsTaken);
