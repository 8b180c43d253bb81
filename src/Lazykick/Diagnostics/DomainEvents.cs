using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Lazykick.Core;

namespace Lazykick.Diagnostics;

/// <summary>Turns what the core reports into metrics, events and calls of the user's handlers.</summary>
internal sealed class DomainEvents(RcuDomainOptions options) : IDomainEvents
{
    private readonly string _name = options.Name;
    private readonly Action<RcuStall>? _onStall = options.OnStall;
    private readonly Action<Exception>? _onCallbackException = options.OnCallbackException;

    public KeyValuePair<string, object?> Tag { get; } = new(RcuMetrics.DomainTag, options.Name);

    public static bool AreGracePeriodsObserved =>
        RcuMetrics.GracePeriodDuration.Enabled || RcuMetrics.GracePeriods.Enabled;

    public void GracePeriodEnded(long began)
    {
        RcuMetrics.GracePeriods.Add(1, Tag);
        RcuMetrics.GracePeriodDuration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, Tag);
    }

    public void Reaped(Registration registration, bool wasActive)
    {
        RcuMetrics.Reaped.Add(1, Tag);
        RcuEventSource.Log.ThreadReaped(_name, registration.ThreadName, registration.Place);
    }

    public void Stalled(long gracePeriod, TimeSpan waited, IReadOnlyList<Registration> blockers)
    {
        RcuStall stall = new(
            _name,
            gracePeriod,
            waited,
            [
                .. blockers.Select(blocker => new RcuThreadInfo(
                    blocker.ThreadName,
                    blocker.Place,
                    RcuThreadState.Active,
                    gracePeriod - 1,
                    blocker.Owner.IsAlive
                )),
            ]
        );
        RcuMetrics.Stalls.Add(1, Tag);
        RcuEventSource.Log.GracePeriodStalled(_name, stall.ToString());
        _onStall?.Invoke(stall);
    }

    public void CallbackFailed(Exception exception)
    {
        RcuMetrics.CallbackExceptions.Add(1, Tag);
        RcuEventSource.Log.CallbackFailed(_name, exception.ToString());
        if (_onCallbackException is not null)
        {
            _onCallbackException(exception);
            return;
        }

        // As with a timer's callback. On the pool, so that the reclaimer is not torn down between two callbacks.
        ThreadPool.UnsafeQueueUserWorkItem(
            static state => state.Throw(),
            ExceptionDispatchInfo.Capture(exception),
            preferLocal: false
        );
    }
}
