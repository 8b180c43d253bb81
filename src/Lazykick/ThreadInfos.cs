using Lazykick.Core;

namespace Lazykick;

/// <summary>What the core knows about a thread, as the public form.</summary>
internal static class ThreadInfos
{
    /// <summary>A thread and the word of its slot.</summary>
    public static RcuThreadInfo Of(Registration registration, long seen) =>
        new(
            registration.ThreadName,
            registration.Place,
            seen == Slot.Eqs ? RcuThreadState.ExtendedQuiescent : RcuThreadState.Active,
            seen,
            registration.Owner.IsAlive
        )
        {
            IsByFirstRead = registration.IsByFirstRead,
        };
}
