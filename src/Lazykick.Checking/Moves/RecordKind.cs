namespace Lazykick.Checking.Moves;

/// <summary>
/// A field that a property keeps books in: no CPU has it in a register, no step reads it. Under <c>tso</c> and
/// <c>arm</c> the kind says when a step changes it.
/// </summary>
internal enum RecordKind
{
    /// <summary>With the step itself, when it is issued.</summary>
    AtIssue,

    /// <summary>When the step's access takes place: its read, or its write.</summary>
    AtAccess,

    /// <summary>When the step's write becomes visible; that only takes violations away, so that late is safe.</summary>
    AtWrite,
}
