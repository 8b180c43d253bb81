using System.Runtime.CompilerServices;
using Lazykick.Core;
using Lazykick.Memory;

namespace Lazykick;

/// <summary>
/// A disposable object that is replaced as a whole and used inside read scopes. Exchanging publishes the new object,
/// then retires the old one, in this order. What <see cref="Read"/> gives cannot outlive the scope; what has to live
/// across an <see langword="await"/> is pinned.
/// </summary>
/// <typeparam name="T">The object's type.</typeparam>
public sealed class RcuReference<T> : IDisposable
    where T : class, IDisposable
{
    private readonly RcuDomain _domain;
    private readonly Cell _closed;
    private readonly Action<Held<T>>? _onClosed;
    private Held<T>? _current;

    /// <summary>Creates a reference to nothing.</summary>
    /// <param name="domain">Whose read scopes protect the object, and whose reclaimer disposes it.</param>
    public RcuReference(RcuDomain domain)
        : this(domain, null) { }

    internal RcuReference(RcuDomain domain, Action<Held<T>>? onClosed)
    {
        ArgumentNullException.ThrowIfNull(domain);
        _domain = domain;
        _closed = domain.ClosedCell;
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
        if (Volatile.Read(ref _current) is not { } held)
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
    /// <exception cref="ObjectDisposedException">The domain has been disposed; the new object is still the
    /// caller's.</exception>
    /// <exception cref="OutOfMemoryException">The system gives no thread or memory; nothing has been
    /// exchanged.</exception>
    public void Exchange(T? next, long size = 0) => Replace(next, size);

    /// <summary>Takes the object away and retires it; readers find none. Exchanging again is allowed.</summary>
    /// <remarks>After the domain has been disposed nobody reads, and the object is disposed at once.</remarks>
    public void Dispose() => Replace(null, 0);

    /// <returns>The old object, retired; or null.</returns>
    internal Held<T>? Replace(T? next, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        if (next is not null)
        {
            ObjectDisposedException.ThrowIf(_domain.IsDisposed, _domain);
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

        Succession exchange = new(this, held);
        try
        {
            _domain.Exchange(ref exchange);
        }
        catch (ObjectDisposedException) when (held is null)
        {
            // Retiring is refused only when every reader has left for good.
            if (exchange.TryExchange(out var old))
            {
                old.Run();
            }
        }

        return exchange.Old;
    }

    /// <summary>The step in which readers go over to the new object.</summary>
    private struct Succession(RcuReference<T> reference, Held<T>? next) : IExchange
    {
        public Held<T>? Old { get; private set; }

        public bool TryExchange(out RetiredItem old)
        {
            if ((Old = Interlocked.Exchange(ref reference._current, next)) is not { } held)
            {
                old = default;
                return false;
            }

            old = RetiredItem.Call(held, static held => held.Release(), held.Size);
            return true;
        }
    }
}
