using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Lazykick.Core;
using Lazykick.Diagnostics;

namespace Lazykick;

/// <summary>Turns what the core reports into metrics, events and calls of the user's handlers.</summary>
internal sealed class DomainEvents : IDomainEvents
{
    private readonly RcuDomain _domain;
    private readonly string _name;
    private readonly Action<RcuStall>? _onStall;
    private readonly Action<RcuPressure>? _onPressure;
    private readonly Action<Exception>? _onCallbackException;
    private readonly KeyValuePair<string, object?> _nameTag;
    private readonly KeyValuePair<string, object?> _idTag;
    private readonly KeyValuePair<string, object?> _skippedTag = new(RcuMetrics.KindTag, "skipped");
    private readonly KeyValuePair<string, object?> _broadcastTag = new(RcuMetrics.KindTag, "broadcast");

    public DomainEvents(RcuDomain domain, RcuDomainOptions options)
    {
        _domain = domain;
        _name = options.Name;
        _onStall = options.OnStall;
        _onPressure = options.OnPressure;
        _onCallbackException = options.OnCallbackException;
        Instruments = RcuMetrics.Share(out var id);
        Id = id;
        _nameTag = new KeyValuePair<string, object?>(RcuMetrics.NameTag, options.Name);
        _idTag = new KeyValuePair<string, object?>(RcuMetrics.IdTag, id);
    }

    public RcuMetrics Instruments { get; }

    public long Id { get; }

    /// <summary>A time stamp for <see cref="EndGracePeriod"/>; 0 if nobody listens.</summary>
    public long StartGracePeriod() =>
        Instruments.GracePeriodDuration.Enabled || Instruments.GracePeriods.Enabled ? Stopwatch.GetTimestamp() : 0;

    public void EndGracePeriod(long start)
    {
        if (start != 0)
        {
            GracePeriodEnded(start);
        }
    }

    public void Kicked(KickKind kind)
    {
        if (!Instruments.Kicks.Enabled)
        {
            return;
        }

        try
        {
            Instruments.Kicks.Add(1, _nameTag, _idTag, kind == KickKind.Skipped ? _skippedTag : _broadcastTag);
        }
        catch (Exception exception)
        {
            HandOn(exception);
        }
    }

    public void ReclaimerNotPlaced(string cpus, int error) => Instruments.Events.ReclaimerNotPlaced(cpus, error);

    public void GracePeriodEnded(long began)
    {
        try
        {
            Instruments.GracePeriods.Add(1, _nameTag, _idTag);
            Instruments.GracePeriodDuration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, _nameTag, _idTag);
        }
        catch (Exception exception)
        {
            // A listener's, here and below. What is reported has happened: the grace period is over, the callbacks have
            // to run, and whoever called has got what the call was for.
            HandOn(exception);
        }
    }

    public void Reaped(Registration registration, bool wasActive)
    {
        // A registration that a first read made is the library's to end with the thread: nobody forgot anything.
        if (registration.IsByFirstRead && !wasActive)
            return;
        try
        {
            Instruments.Reaped.Add(1, _nameTag, _idTag);
            var how = wasActive ? "ended in a read scope" : "ended without disposing its registration";
            Instruments.Events.ThreadReaped(_name, $"{registration.ThreadName} {how} ({registration.Origin})");
        }
        catch (Exception exception)
        {
            HandOn(exception);
        }
    }

    public void GracePeriodStalled(long gracePeriod, TimeSpan waited, IReadOnlyList<Blocker> blockers) =>
        Report(new RcuStall(_name, RcuStallKind.GracePeriod, gracePeriod, waited, InfosOf(blockers), null));

    public void DisposalStalled(TimeSpan waited, IReadOnlyList<Blocker> blockers) =>
        Report(new RcuStall(_name, RcuStallKind.Dispose, 0, waited, InfosOf(blockers), null));

    public void CallbackStalled(TimeSpan waited, string callback) =>
        Report(new RcuStall(_name, RcuStallKind.Callback, 0, waited, [], callback));

    public void WriterStalled(TimeSpan waited, IReadOnlyList<Blocker> blockers, string? callback) =>
        Report(new RcuStall(_name, RcuStallKind.Writer, 0, waited, InfosOf(blockers), callback));

    public void PressureBegan(long pending, long pendingBytes)
    {
        try
        {
            Instruments.Pressure.Add(1, _nameTag, _idTag);
            Instruments.Events.PressureBegan(_name, pending, pendingBytes);
        }
        catch (Exception exception)
        {
            // The resource has been taken: an exception out of Retire would say that it has not.
            HandOn(exception);
        }

        if (_onPressure is not null)
        {
            // On the pool: the retirer may hold locks that the handler wants.
            ThreadPool.UnsafeQueueUserWorkItem(static events => events.CallOnPressure(), this, preferLocal: false);
        }
    }

    public void CallbackFailed(Exception exception)
    {
        try
        {
            Instruments.CallbackExceptions.Add(1, _nameTag, _idTag);
            Instruments.Events.CallbackFailed(_name, exception.ToString());
        }
        catch (Exception listeners)
        {
            HandOn(listeners);
        }

        HandOn(exception);
    }

    private void Report(RcuStall stall)
    {
        try
        {
            Instruments.Stalls.Add(
                1,
                _nameTag,
                _idTag,
                new KeyValuePair<string, object?>(RcuMetrics.StallTag, KindName(stall.Kind))
            );
            Instruments.Events.Stalled(_name, stall.ToString());
        }
        catch (Exception exception)
        {
            HandOn(exception);
        }

        _onStall?.Invoke(stall);
    }

    private static RcuThreadInfo[] InfosOf(IReadOnlyList<Blocker> blockers) =>
        [.. blockers.Select(static blocker => ThreadInfos.Of(blocker.Registration, blocker.Seen))];

    private void HandOn(Exception exception)
    {
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

    private void CallOnPressure() =>
        _onPressure!(
            new RcuPressure(
                _name,
                _domain.PendingCount,
                _domain.PendingBytes,
                [.. _domain.ListThreads().Where(static thread => thread.State == RcuThreadState.Active)]
            )
        );

    private static string KindName(RcuStallKind kind) =>
        kind switch
        {
            RcuStallKind.Callback => "callback",
            RcuStallKind.Writer => "writer",
            RcuStallKind.Dispose => "dispose",
            _ => "grace_period",
        };
}
