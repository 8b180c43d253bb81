using System.Runtime.CompilerServices;
using Lazykick.Core;
using Lazykick.Memory;

namespace Lazykick;

/// <summary>
/// A disposable object that is replaced as a whole and used inside read scopes. Exchanging publishes the new object,
/// then retires the old one, in this order. What <see cref="Read"/> gives does not leave the block of the
/// scope's variable; what has to live across an <see langword="await"/> is pinned.
/// </summary>
/// <typeparam name="T">The object's type.</typeparam>
public sealed class RcuReference<T> : IDisposable
    where T : class, IDisposable
{
    private readonly RcuDomain _domain;
    private readonly Cell _closed;
    private readonly string _name;
    private readonly Action<Held<T>>? _onClosed;
    private Held<T>? _current;

    /// <summary>Creates a reference to nothing.</summary>
    /// <param name="domain">Whose read scopes protect the object, and whose reclaimer disposes it.</param>
    /// <exception cref="ObjectDisposedException">The domain has been disposed.</exception>
    public RcuReference(RcuDomain domain)
        : this(domain, nameof(RcuReference<T>), null) { }

    /// <summary>Creates a reference that is part of something else, by whose name its exceptions call it.</summary>
    internal RcuReference(RcuDomain domain, string name, Action<Held<T>>? onClosed)
    {
        ArgumentNullException.ThrowIfNull(domain);
        domain.ThrowIfDisposed();
        _domain = domain;
        _closed = domain.ClosedCell;
        _name = name;
        _onClosed = onClosed;
    }

    /// <summary>
    /// The current object; it is not disposed before the scope ends, whatever is exchanged meanwhile.
    /// </summary>
    /// <param name="scope">An open scope of the same domain, held in a variable.</param>
    /// <exception cref="InvalidOperationException">The scope is closed or belongs to another domain.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public RcuBorrow<T> Read(in ReadScope scope)
    {
        scope.ThrowIfNotOf(_closed);
        return new RcuBorrow<T>(Volatile.Read(ref _current)?.Value);
    }

    /// <summary>
    /// Holds the current object until the pin is disposed, across an <see langword="await"/> for example. Costs two
    /// interlocked operations on a line that all pins of the object share; a scope costs none.
    /// </summary>
    /// <returns>The pin; null if there is no object.</returns>
    /// <exception cref="ObjectDisposedException">The domain has been disposed.</exception>
    public RcuPin<T>? Pin()
    {
        using var scope = _domain.EnterRead();
        if (Volatile.Read(ref _current) is not { IsEnd: false } held)
        {
            return null;
        }

        held.AddShare();
        return new RcuPin<T>(held);
    }

    /// <summary>
    /// Makes an object the current one and retires the one before, which is disposed when no reader and no pin has it
    /// any more. The object belongs to the reference from now on.
    /// </summary>
    /// <param name="next">The new object; null for none.</param>
    /// <param name="size">Bytes that it holds, for the domain's limits when it is retired; at least 0.</param>
    /// <exception cref="ArgumentException">The object is the current one already: retiring it would dispose it under
    /// readers.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The size is negative.</exception>
    /// <exception cref="ObjectDisposedException">The reference or its domain has been disposed; the new object is still
    /// the caller's.</exception>
    /// <exception cref="OutOfMemoryException">The system gives no thread or memory; nothing has been
    /// exchanged.</exception>
    public void Exchange(T? next, long size = 0) => Replace(next, size);

    /// <summary>
    /// Takes the object away and retires it. Readers find none from now on, and nothing can be exchanged any more; a
    /// second call does nothing.
    /// </summary>
    /// <remarks>After the domain has been disposed nobody reads, and the object is disposed at once.</remarks>
    public void Dispose() => _ = End();

    /// <summary>When the last object has been disposed; null while the reference is in use.</summary>
    internal Task? WhenEnded => Volatile.Read(ref _current) is { IsEnd: true } end ? end.WhenClosed : null;

    /// <summary>Refuses what a disposed reference cannot do.</summary>
    internal void ThrowIfDisposed()
    {
        if (WhenEnded is not null)
        {
            Misuse.Disposed(_name);
        }
    }

    /// <summary>Takes the object away for good.</summary>
    /// <returns>A task that completes when the last object has been disposed.</returns>
    internal Task End()
    {
        if (WhenEnded is { } ended)
        {
            return ended;
        }

        if (Interlocked.CompareExchange(ref _current, Held<T>.EndOf(null), null) is null)
        {
            // Nothing was there that anybody could be reading.
            return Task.CompletedTask;
        }

        Succession exchange = new(this, null, isEnd: true);
        Exchange(ref exchange, mayRunAtOnce: true);
        return WhenEnded!;
    }

    /// <returns>The old object, retired; or null.</returns>
    internal Held<T>? Replace(T? next, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        ThrowIfDisposed();
        if (next is not null)
        {
            _domain.ThrowIfDisposed();
            if (ReferenceEquals(Volatile.Read(ref _current)?.Value, next))
            {
                Misuse.PublishedAlready(nameof(next));
            }
        }

        var held = next is null ? null : new Held<T>(next, size, _onClosed);
        if (Interlocked.CompareExchange(ref _current, held, null) is null)
        {
            // Nothing was there that anybody could be reading.
            return null;
        }

        Succession exchange = new(this, held, isEnd: false);
        Exchange(ref exchange, mayRunAtOnce: held is null);
        if (exchange.IsTooLate)
        {
            Misuse.Disposed(_name);
        }

        return exchange.Old;
    }

    private void Exchange(ref Succession exchange, bool mayRunAtOnce)
    {
        try
        {
            _domain.Exchange(ref exchange);
        }
        catch (ObjectDisposedException) when (mayRunAtOnce)
        {
            // Retiring is refused only when every reader has left for good.
            if (exchange.TryExchange(out var old))
            {
                old.Run();
            }
        }
    }

    /// <summary>
    /// The step in which readers go over to the new object, or to the end, which nothing takes the place of: a writer
    /// that comes after Dispose finds it in the very word that it wants to change.
    /// </summary>
    private struct Succession(RcuReference<T> reference, Held<T>? next, bool isEnd) : IExchange
    {
        public Held<T>? Old { get; private set; }

        public bool IsTooLate { get; private set; }

        public bool TryExchange(out RetiredItem old)
        {
            Held<T>? seen;
            do
            {
                seen = Volatile.Read(ref reference._current);
                if (seen is { IsEnd: true })
                {
                    IsTooLate = true;
                    old = default;
                    return false;
                }
            } while (
                Interlocked.CompareExchange(ref reference._current, isEnd ? Held<T>.EndOf(seen) : next, seen) != seen
            );

            Old = seen;
            old = seen is null ? default : RetiredItem.Call(seen, static held => held.Release(), seen.Size);
            return seen is not null;
        }
    }
}
