using System.Diagnostics.CodeAnalysis;

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
    public static void ScopeOfAnotherDomain() =>
        throw new InvalidOperationException(
            "The read scope is closed, or belongs to another domain than what is read, so it protects nothing here. "
                + "Pass the "
                + "innermost open scope of the same domain."
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
                + $"({registration.ThreadName} {registration.Origin}; the scope that is open may have been opened by "
                + "another call.)"
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
            $"This handle belongs to {registration.ThreadName}, {registration.Origin}, and was used on "
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
        string? callback
    ) =>
        new(
            $"The domain '{domain}' is closed to new readers, but after {timeout.TotalSeconds:0.###} s "
                + (
                    blockers.Count > 0
                        ? $"{string.Join(", ", blockers)} had not left its read scope or active region. "
                        : $"its callbacks had not all run{(callback is null ? "" : $": {callback} is running")}. "
                )
                + "What is retired has not been freed. Call Dispose again to go on waiting."
        );

    /// <summary>A callback has returned inside a scope.</summary>
    public static InvalidOperationException ScopeLeftOpenByCallback(string callback) =>
        new(
            $"The callback {callback} opened a scope and returned without closing it; it has been closed. Declare "
                + "scopes with 'using'."
        );
}
