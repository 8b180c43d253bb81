namespace Lazykick.Traces.Totals;

/// <summary>Between which values, both included, a value lies.</summary>
/// <param name="AtLeast">The lower one.</param>
/// <param name="AtMost">The upper one; equal to the lower one where the value is known.</param>
public readonly record struct ValueRange(ulong AtLeast, ulong AtMost)
{
    /// <summary>The value is known.</summary>
    public bool IsExact => AtLeast == AtMost;
}
