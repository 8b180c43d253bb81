using System.Diagnostics;
using System.Runtime.CompilerServices;
using Lazykick.Core;
using Lazykick.Diagnostics;
using Lazykick.Memory;

namespace Lazykick;

/// <summary>
/// Grace periods and lazy kicks for threads, as RCU has them for CPUs. A thread that holds no protected reference is in
/// an extended quiescent state (EQS): nobody waits for it, nobody interrupts it, and it executes a full barrier when it
/// comes back. Domains are independent of each other.
/// </summary>
/// <remarks>
/// Protected are memory and resources that the garbage collector does not own. For managed objects an immutable
/// snapshot behind <see cref="Volatile"/> is simpler and as fast.
/// </remarks>
[DebuggerDisplay("{Name}: grace period {GracePeriod}, {PendingCount} pending")]
[DebuggerTypeProxy(typeof(RcuDomainDebugView))]
public sealed partial class RcuDomain : IDisposable, IAsyncDisposable, IObservedDomain
{
    private readonly DomainCore<HardwareMemory> _core;
    private readonly Cell _closed;
    private readonly DomainEvents _events;
    private long _openVersions;
    private long _openVersionBytes;

    /// <summary>Creates a domain with the default settings.</summary>
    public RcuDomain()
        : this(new RcuDomainOptions()) { }

    /// <summary>Creates a domain.</summary>
    /// <exception cref="ArgumentNullException">There are no options.</exception>
    /// <exception cref="PlatformNotSupportedException">The reclaimer cannot be placed on CPUs on this
    /// system.</exception>
    public RcuDomain(RcuDomainOptions options)
        : this(options, null) { }

    /// <summary>Creates a domain whose threads somebody else starts; null for the domain itself.</summary>
    internal RcuDomain(RcuDomainOptions options, IThreadStarter? threads)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.ReclaimerCpus.Count > 0)
        {
            ThreadAffinity.ThrowIfNotSupported();
        }

        Name = options.Name;
        _disposeTimeout = options.DisposeTimeout;
        _events = new DomainEvents(this, options);
        threads ??= new ReclaimerThreads(
            options.ReclaimerName ?? $"Lazykick reclaimer ({options.Name})",
            options.ReclaimerPriority,
            options.ReclaimerCpus,
            _events.ReclaimerNotPlaced
        );
        _core = new DomainCore<HardwareMemory>(options.ToSettings(), _events, threads);
        _closed = _core.Closed;
        _events.Instruments.Add(this);
    }

    /// <summary>The name given in <see cref="RcuDomainOptions.Name"/>.</summary>
    public string Name { get; }

    /// <summary>
    /// A number of this domain in this process, from 1 on, that tells domains of one name apart in metrics.
    /// </summary>
    public long Id => _events.Id;

    /// <summary>The number of the last grace period that began; 1 for none.</summary>
    public long GracePeriod => HardwareMemory.LoadAcquire(_core.GracePeriods.Number);

    /// <summary>
    /// Registers the calling thread. It starts in EQS, so a thread that forgets its registration delays nobody. Dispose
    /// the handle before the thread ends; a thread that ends without is noticed and its registration freed.
    /// </summary>
    /// <param name="member">Filled in by the compiler; shown in stall reports.</param>
    /// <param name="file">Filled in by the compiler; only the file's name is shown.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <exception cref="ObjectDisposedException">The domain has been disposed.</exception>
    /// <remarks>
    /// A thread that does not last, or that is not yours, uses <see cref="EnterRead"/> of the domain. A handle costs
    /// one or two nanoseconds less a scope and also opens active regions.
    /// </remarks>
    public RcuThread Register(
        [CallerMemberName] string member = "",
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    ) => new(_core, _core.Register(Thread.CurrentThread, member, file, line));

    /// <summary>
    /// Opens a read scope on any thread, of the pool for example: about 10 ns. The first call on a thread registers it,
    /// which the domain takes back when the thread has ended; a thread that is registered and reads nothing delays
    /// nobody.
    /// </summary>
    /// <param name="member">Filled in by the compiler; the first call's is shown in stall reports.</param>
    /// <param name="file">Filled in by the compiler; only the file's name is shown.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <exception cref="ObjectDisposedException">
    /// The domain has been disposed. Inside a scope that is open, another one opens all the same.
    /// </exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadScope EnterRead(
        [CallerMemberName] string member = "",
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    )
    {
        var slot = ThreadSlots.FindLast(_closed) ?? ThreadSlots.FindOrAdd(_core, member, file, line);
        var left = ReadSide<HardwareMemory>.EnterRead(slot, out var outer);
        return new ReadScope(slot, outer, left);
    }

    /// <summary>
    /// The lazy process-wide barrier: each registered thread has executed a full barrier when this returns, or is in
    /// EQS and executes one before it comes back. If all others are in EQS nobody is interrupted; if not, every CPU
    /// that runs a thread of this process is (<see cref="Interlocked.MemoryBarrierProcessWide"/>). Threads that are not
    /// registered with this domain are not covered. Grace periods do not need it.
    /// </summary>
    /// <returns>What it did.</returns>
    /// <exception cref="ObjectDisposedException">The domain has been disposed.</exception>
    /// <exception cref="PlatformNotSupportedException">
    /// A thread is active and this system cannot reach it: Linux without membarrier(2), elsewhere than on x86.
    /// </exception>
    public KickResult Kick()
    {
        _core.ThrowIfClosed();
        var active = _core.Kicks.Kick();
        KickResult result = new(active == 0 ? KickKind.Skipped : KickKind.Broadcast, active);
        _events.Kicked(result.Kind);
        return result;
    }

    /// <summary>All registered threads and where they are; a snapshot for logs, not a basis for decisions.</summary>
    /// <exception cref="ObjectDisposedException">The domain has been disposed.</exception>
    public IReadOnlyList<RcuThreadInfo> GetThreads()
    {
        _core.ThrowIfClosed();
        return ListThreads();
    }

    long IObservedDomain.OpenVersions => Volatile.Read(ref _openVersions);

    long IObservedDomain.OpenVersionBytes => Volatile.Read(ref _openVersionBytes);

    int IObservedDomain.BlockedWriters => _core.Retired.Backlog.Blocked;

    int IObservedDomain.RegisteredThreads => ListThreads().Count;

    int IObservedDomain.ActiveThreads =>
        ListThreads().Count(static thread => thread.State == RcuThreadState.Active);

    /// <summary>The word by which read scopes of this domain are known.</summary>
    internal Cell ClosedCell => _closed;

    /// <summary>A version has been opened or closed.</summary>
    internal void CountVersions(int versions, long bytes)
    {
        Interlocked.Add(ref _openVersions, versions);
        Interlocked.Add(ref _openVersionBytes, bytes);
    }

    /// <summary>Whether the caller is a callback of this domain.</summary>
    internal bool IsCallback => _core.Retired.IsReclaiming;

    /// <summary>Refuses what a disposed domain cannot do; callbacks go on until the last one has run.</summary>
    internal void ThrowIfDisposed() => _core.ThrowIfClosed();

    /// <summary>Refuses what would wait for the calling thread itself.</summary>
    internal void ThrowIfCallerIsActive(string operation) => _core.GracePeriods.ThrowIfCallerIsActive(operation);

    /// <summary>Refuses what would wait for the calling thread or for the callback that it runs.</summary>
    internal void ThrowIfItWouldDeadlock(string operation) => _core.ThrowIfItWouldDeadlock(operation);

    /// <summary>How many slots a grace period looks at.</summary>
    internal int ScannedSlots
    {
        get
        {
            var count = 0;
            foreach (var slot in _core.Registry.Scan())
            {
                count++;
            }

            return count;
        }
    }

    /// <summary>Who is there, also while and after the domain is disposed.</summary>
    internal List<RcuThreadInfo> ListThreads()
    {
        List<RcuThreadInfo> threads = [];
        foreach (var slot in _core.Registry.Scan())
        {
            if (slot.Registration is { } registration)
            {
                threads.Add(ThreadInfos.Of(registration, HardwareMemory.LoadAcquire(slot)));
            }
        }

        return threads;
    }
}
