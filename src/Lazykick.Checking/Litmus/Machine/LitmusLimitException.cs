using System.Globalization;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Litmus.Answers;

namespace Lazykick.Checking.Litmus.Machine;

/// <summary>A run gave up at a limit; there is no answer.</summary>
/// <param name="message">Which limit.</param>
public sealed class LitmusLimitException(string message) : Exception(message)
{
    /// <summary>
    /// The limit of <see cref="LitmusOptions.Limits"/> that was reached, or null for one of the machine itself.
    /// </summary>
    public SearchEnd? End { get; private init; }

    /// <summary>The exception for the end of a search before it was complete.</summary>
    internal static Exception At(SearchEnd end, SearchLimits limits) =>
        end switch
        {
            SearchEnd.Cancelled => new OperationCanceledException(),
            SearchEnd.StateLimit => new LitmusLimitException(
                string.Create(CultureInfo.InvariantCulture, $"more than {limits.MaxStates} states")
            )
            {
                End = end,
            },
            SearchEnd.MemoryLimit => new LitmusLimitException(
                string.Create(CultureInfo.InvariantCulture, $"more than {limits.MaxBytes >> 20} MB for states")
            )
            {
                End = end,
            },
            _ => new LitmusLimitException(
                string.Create(CultureInfo.InvariantCulture, $"more than {limits.Timeout.TotalSeconds} s")
            )
            {
                End = end,
            },
        };
}
