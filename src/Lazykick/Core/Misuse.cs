using System.Diagnostics.CodeAnalysis;
using Lazykick.Memory;

namespace Lazykick.Core;

/// <summary>The exceptions for wrong use: each says what was wrong and what to do instead.</summary>
internal static class Misuse
{
    [DoesNotReturn]
    public static void ScopesCrossed() =>
        throw new InvalidOperationException(
            "This scope is not the innermost open one of its thread. Dispose scopes in the reverse order of their "
                + "opening: "
                + "declare them with 'using' and do not copy them."
        );

    [DoesNotReturn]
    public static void DomainDisposed() =>
        throw new ObjectDisposedException(
            nameof(RcuDomain),
            "The domain has been disposed, or is being disposed. Stop readers and writers before Dispose, or let "
                + "them watch RcuDomain.Stopping."
        );

    [DoesNotReturn]
    public static void ScopeProtectsNothing(Slot? slot, long ticket, Cell closed) =>
        throw new InvalidOperationException(
            (slot, ticket) switch
            {
                (null, 0) => "The read scope is a default value that nobody opened, so it protects nothing. Open one "
                    + "with RcuDomain.EnterRead and pass it while it is open.",
                ({ } other, _) when !ReferenceEquals(other.Closed, closed) =>
                    "The read scope belongs to another domain than what is read, so it protects nothing here. Open one "
                        + "with EnterRead of the same domain, and pass that.",
                _ => "The read scope is closed, so it protects nothing any more. Read before the scope is disposed, "
                    + "and pass the innermost open one.",
            }
        );

    /// <summary>What publishes has been disposed.</summary>
    [DoesNotReturn]
    public static void Disposed(string name) =>
        throw new ObjectDisposedException(
            name,
            $"The {name} has been disposed. Stop its readers and writers before Dispose; to go on, make a new one."
        );

    [DoesNotReturn]
    public static void PinDisposed() =>
        throw new ObjectDisposedException(
            nameof(RcuPin<IDisposable>),
            "The pin has been disposed, and its object may have been. Use the object before that, or take a new pin."
        );

    [DoesNotReturn]
    public static void PublishedAlready(string parameter) =>
        throw new ArgumentException(
            "This object is the current one already. Exchanging it for itself would retire, and so dispose, what "
                + "readers find. Make "
                + "a new object for each version.",
            parameter
        );

    [DoesNotReturn]
    public static void QuiescentInsideRead() =>
        throw new InvalidOperationException(
            "A read scope is open on this thread, so it cannot be quiescent: its references would be freed under it. "
                + "Close the read scope first; a quiescent state fits only where no protected reference is held."
        );

    [DoesNotReturn]
    public static void WaitInsideActive(Registration registration, string operation) =>
        throw new InvalidOperationException(
            $"{operation} waits for every thread to pass a quiescent state, and the calling thread itself is in a read "
                + "scope or an active region: it would wait for itself for ever. Call it after the scope has been "
                + "disposed, or inside EnterQuiescent() where no protected reference is held; Retire never waits. "
                + $"({registration.ThreadName} {registration.Origin}.)"
        );

    [DoesNotReturn]
    public static void WaitInsideCallback(string operation) =>
        throw new InvalidOperationException(
            $"{operation} waits for retired callbacks and was called by one: it would wait for itself for ever. Let "
                + "the callback "
                + "return and wait on another thread."
        );

    [DoesNotReturn]
    public static void ForeignHandle(Registration? registration)
    {
        if (registration is null)
        {
            throw new ObjectDisposedException(
                nameof(RcuThread),
                "This registration has been disposed. Call RcuDomain.Register() again on this thread."
            );
        }

        throw new InvalidOperationException(
            $"This handle belongs to {registration.ThreadName}, registered in {registration.Place}, and was used on "
                + "another thread. Every "
                + "thread registers itself and keeps its handle to itself; after an await code may continue on another "
                    + "thread."
        );
    }

    [DoesNotReturn]
    public static void UnregisterWhileActive(Registration registration) =>
        throw new InvalidOperationException(
            $"The registration made in {registration.Place} was disposed while one of its scopes is open. Dispose the "
                + "scopes first: "
                + "declare them with 'using', inside the using of the registration."
        );

    /// <summary>Dispose has run into its time limit.</summary>
    public static TimeoutException DisposeTimedOut(
        string domain,
        TimeSpan timeout,
        IReadOnlyList<string> blockers,
        string? callback,
        string? lastRun,
        long pending
    ) =>
        new(
            $"The domain '{domain}' is closed to new readers, but after {timeout.TotalSeconds:0.###} s "
                + (
                    blockers.Count > 0
                        ? $"{string.Join(", ", blockers)} had not left its read scope or active region. "
                        : $"its callbacks had not all run{DescribeCallbacks(callback, lastRun, pending)}. "
                )
                + "What is retired has not been freed. Call Dispose again to go on waiting."
        );

    /// <summary>The disposal of something that publishes has run into the time limit of its domain.</summary>
    public static TimeoutException CloseTimedOut(
        string name,
        TimeSpan timeout,
        IReadOnlyList<string> blockers,
        string? callback
    ) =>
        new(
            $"The {name} is closed to writers and gives new readers nothing, but after "
                + $"{timeout.TotalSeconds:0.###} s "
                + (
                    (blockers.Count, callback) switch
                    {
                        ( > 0, _) => $"{string.Join(", ", blockers)} had not left its read scope or active region. ",
                        (_, { }) => $"{callback} is running, and what was retired after it waits. ",
                        _ => "a pin had not been disposed, or callbacks had not all run. ",
                    }
                )
                + "What it held last has not been closed. Call Dispose again to go on waiting."
        );

    private static string DescribeCallbacks(string? running, string? lastRun, long pending) =>
        (running, lastRun) switch
        {
            ({ }, _) => $": {running} is running",
            (null, { }) => $": {lastRun} ran last and {pending} wait; a callback that retires another one each time "
                + "never ends",
            _ => $": {pending} wait",
        };

    /// <summary>A callback has returned inside a scope.</summary>
    public static InvalidOperationException ScopeLeftOpenByCallback(string callback) =>
        new(
            $"The callback {callback} opened a scope and returned without closing it; it has been closed. Declare "
                + "scopes with 'using'."
        );
}
