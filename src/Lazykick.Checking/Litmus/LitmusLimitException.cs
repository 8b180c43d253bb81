namespace Lazykick.Checking.Litmus;

/// <summary>A run gave up at a limit; there is no answer.</summary>
/// <param name="message">Which limit.</param>
public sealed class LitmusLimitException(string message) : Exception(message);
