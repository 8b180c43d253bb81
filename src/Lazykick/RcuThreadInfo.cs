using Lazykick.Core;

namespace Lazykick;

/// <summary>A registered thread, as seen from outside at one moment.</summary>
/// <param name="Name">The thread's name, or <c>thread N</c> with its managed identifier.</param>
/// <param name="RegisteredIn">Member, file name and line of the call of <see cref="RcuDomain.Register"/>; for a thread
/// that did not register itself, of its first <see cref="RcuDomain.EnterRead"/>, which need not be the scope that is
/// open.</param>
/// <param name="State">Whether it was in EQS.</param>
/// <param name="GracePeriod">The last grace period that an active thread has seen begin; 0 in EQS.</param>
/// <param name="IsAlive">Whether the thread was still running.</param>
public sealed record RcuThreadInfo(
    string Name,
    string RegisteredIn,
    RcuThreadState State,
    long GracePeriod,
    bool IsAlive
)
{
    /// <summary>
    /// Whether the thread did not register itself: <see cref="RegisteredIn"/> is where it first read, and the scope
    /// that is open may be another.
    /// </summary>
    public bool IsByFirstRead { get; init; }

    /// <summary>What <see cref="RegisteredIn"/> is, for messages about a scope that is open.</summary>
    internal string Origin => Registration.DescribeOrigin(RegisteredIn, IsByFirstRead);

    /// <summary>One line for logs and the debugger.</summary>
    public override string ToString() =>
        State == RcuThreadState.ExtendedQuiescent
            ? $"{Name}: in EQS; {(IsByFirstRead ? "first read" : "registered")} in {RegisteredIn}"
            : $"{Name}: {(IsAlive ? "active" : "dead while active")} since grace period {GracePeriod}; {Origin}";
}
