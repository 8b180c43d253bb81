using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Tests.Naive;

/// <summary>
/// A value: a number, a CPU, a set of CPUs (bit n stands for CPUn), or one of <paramref name="Names"/>.
/// </summary>
internal readonly record struct Value(int Number, bool IsSet = false, IReadOnlyList<string>? Names = null)
{
    /// <summary>The range in which a sum or difference that begins with the value wraps round, or null.</summary>
    public RangeType? Wraps { get; init; }

    /// <summary>The type of a queue, or null.</summary>
    public QueueType? Queue { get; init; }

    public static Value Truth(bool truth) => new(truth ? 1 : 0);
}
