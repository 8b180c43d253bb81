namespace Lazykick.Core;

/// <summary>
/// Publishes a successor and gives what is to be retired. Called once, when a place in the queue has been taken for the
/// result; it neither waits nor runs the user's code.
/// </summary>
internal interface IExchange
{
    /// <summary>Publishes.</summary>
    /// <param name="old">The callback for what was there before.</param>
    /// <returns>Whether there was anything.</returns>
    bool TryExchange(out RetiredItem old);
}
