using System.Diagnostics;
using System.Runtime.CompilerServices;
using Lazykick.Core;
using Lazykick.Diagnostics;
using Lazykick.Memory;

namespace Lazykick;

/// <summary>
/// Grace periods and lazy kicks for threads, as RCU has them for CPUs. A thread that holds no protected reference is in
/// an
/// extended quiescent state (EQS): nobody waits for it, nobody interrupts it, and it executes a full barrier when it
/// comes
/// back. Domains are independent of each other.
/// </summary>
/// <remarks>
/// Protected are memory and resources that the garbage collector does not own. For managed objects an immutable
/// snapshot
/// behind <see cref="Volatile"/> is simpler and as fast.
/// </remarks>
[DebuggerDisplay("{Name}: grace period {GracePeriod}, {PendingCount} pending")]
[DebuggerTypeProxy(typeof(RcuDomainDebugView))]
public sealed partial class RcuDomain : IDisposable
{
    private readonly DomainCore<HardwareMemory> _core;
    private readonly DomainEvents _events;
    private readonly KeyValuePair<string, object?>[] _skipped;
    private readonly KeyValuePair<string, object?>[] _broadcast;
    private readonly Lock _disposing = new();
    private volatile bool _disposed;

    /// <summary>Creates a domain with the default settings.</summary>
    public RcuDomain()
        : this(new RcuDomainOptions()) { }

    /// <summary>Creates a domain.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    public RcuDomain(RcuDomainOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Name = options.Name;
        _events = new DomainEvents(options);
        _core = new DomainCore<HardwareMemory>(options, _events, StartReclaimer);
        _skipped = [_events.Tag, new(RcuMetrics.KindTag, "skipped")];
        _broadcast = [_events.Tag, new(RcuMetrics.KindTag, "broadcast")];
        RcuMetrics.Add(this);
    }

    /// <summary>The name given in <see cref="RcuDomainOptions.Name"/>.</summary>
    public string Name { get; }

    /// <summary>The number of the last grace period that began; 1 for none.</summary>
    public long GracePeriod => HardwareMemory.LoadAcquire(_core.GracePeriods.Number);

    /// <summary>Retired resources whose callbacks have not run yet.</summary>
    public long PendingCount => _core.Retired.Pending;

    /// <summary>Bytes that they hold, as their retirers said.</summary>
    public long PendingBytes => _core.Retired.PendingBytes;

    /// <summary>
    /// Registers the calling thread. It starts in EQS, so a thread that forgets its registration delays nobody. Dispose
    /// the
    /// handle before the thread ends; a thread that ends without is noticed and its registration freed.
    /// </summary>
    /// <param name="member">Filled in by the compiler; shown in stall reports.</param>
    /// <param name="file">Filled in by the compiler; only the file's name is shown.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <exception cref="ObjectDisposedException">The domain has been disposed.</exception>
    public RcuThread Register(
        [CallerMemberName] string member = "",
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    )
    {
        lock (_disposing)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return new RcuThread(_core, new Registration(Thread.CurrentThread, member, file, line));
        }
    }

    /// <summary>
    /// Waits for a grace period: every read scope that was open when this was called has ended, and every active thread
    /// has
    /// announced a quiescent state. Nobody is interrupted.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait early; then nothing may be freed.</param>
    /// <exception cref="InvalidOperationException">The calling thread is active itself and would wait for
    /// itself.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The domain has been disposed.</exception>
    public void Synchronize(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var start = DomainEvents.AreGracePeriodsObserved ? Stopwatch.GetTimestamp() : 0;
        _core.Synchronize(cancellationToken);
        if (start != 0)
            _events.GracePeriodEnded(start);
    }

    /// <summary>As <see cref="Synchronize"/>, without holding a thread while it waits.</summary>
    /// <param name="cancellationToken">Ends the wait early; then nothing may be freed.</param>
    /// <exception cref="InvalidOperationException">The calling thread is active itself; start the wait after the
    /// scope.</exception>
    /// <exception cref="ObjectDisposedException">The domain has been disposed.</exception>
    public ValueTask SynchronizeAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        var start = Stopwatch.GetTimestamp();
        var task = _core.SynchronizeAsync();
        if (!task.IsCompleted)
            return new ValueTask(task.WaitAsync(cancellationToken));
        _events.GracePeriodEnded(start);
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// The lazy process-wide barrier: each registered thread has executed a full barrier when this returns, or is in
    /// EQS and
    /// executes one before it comes back. If all others are in EQS nobody is interrupted; if not, every CPU that runs a
    /// thread
    /// of this process is (<see cref="Interlocked.MemoryBarrierProcessWide"/>). Threads that are not registered with
    /// this
    /// domain are not covered. Grace periods do not need it.
    /// </summary>
    /// <returns>What it did.</returns>
    public KickResult Kick()
    {
        var result = _core.Kicks.Kick();
        if (RcuMetrics.Kicks.Enabled)
            RcuMetrics.Kicks.Add(1, result.Kind == KickKind.Skipped ? _skipped : _broadcast);
        return result;
    }

    /// <summary>All registered threads and where they are; a snapshot for logs, not a basis for decisions.</summary>
    public IReadOnlyList<RcuThreadInfo> GetThreads()
    {
        List<RcuThreadInfo> threads = [];
        foreach (var slot in _core.Registry.Scan())
        {
            if (slot.Registration is not { } registration)
                continue;
            var seen = HardwareMemory.LoadAcquire(slot);
            var state = seen == Slot.Eqs ? RcuThreadState.ExtendedQuiescent : RcuThreadState.Active;
            threads.Add(
                new RcuThreadInfo(registration.ThreadName, registration.Place, state, seen, registration.Owner.IsAlive)
            );
        }

        return threads;
    }

    /// <summary>
    /// Runs what is still pending and ends the domain: every later call on it or on its registrations throws. Threads
    /// that
    /// are registered need not have been unregistered, but they must be in EQS.
    /// </summary>
    /// <exception cref="InvalidOperationException">A thread is active; the message says which. Or a callback called
    /// this.</exception>
    public void Dispose()
    {
        lock (_disposing)
        {
            if (_disposed)
                return;
            if (_core.Retired.IsReclaiming)
                Misuse.WaitInsideCallback(nameof(Dispose));
            foreach (var slot in _core.Registry.Scan())
            {
                if (
                    slot.Registration is { } registration
                    && HardwareMemory.LoadAcquire(slot) != Slot.Eqs
                    && registration.Owner.IsAlive
                )
                {
                    Misuse.DisposeWhileActive(registration);
                }
            }

            _disposed = true;
            foreach (var slot in _core.Registry.Scan())
                slot.Registration?.Handle?.Revoke();
        }

        // A reader that slipped in between the look and the revocation is waited for by the grace period in here.
        _core.Retired.Close();
        _core.Retired.Barrier(CancellationToken.None);
        RcuMetrics.Remove(this);
    }

    private void StartReclaimer() =>
        new Thread(_core.Retired.Reclaim) { IsBackground = true, Name = $"Lazykick reclaimer ({Name})" }.Start();
}
