namespace Lazykick.Checking.Litmus.Reading;

/// <summary>One entry of the initial state.</summary>
/// <param name="Target">What is set.</param>
/// <param name="Value">To what.</param>
public sealed record LitmusInitial(LitmusTarget Target, LitmusValue Value);
