namespace Lazykick.Checking.Machines;

/// <summary>What a search that delays issues needs to know of a move.</summary>
internal enum StepKind
{
    /// <summary>Others may see it, or it decides something that they see: it is made where it stands.</summary>
    Other,

    /// <summary>
    /// The issue of an access that nobody but its CPU notices: it may come later, up to the CPU's next step that is not
    /// such an issue or an older access.
    /// </summary>
    DelayableIssue,

    /// <summary>The same of a step without an access.</summary>
    DelayableStep,

    /// <summary>An access in flight takes place.</summary>
    Access,

    /// <summary>The access that was issued last takes place.</summary>
    YoungestAccess,
}
