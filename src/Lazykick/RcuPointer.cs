using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Lazykick.Core;
using Lazykick.Memory;

namespace Lazykick;

/// <summary>
/// A table in native memory that is replaced as a whole and read inside read scopes. What <see cref="Read"/> gives
/// does not leave the block of the scope's variable: the compiler refuses to return it, to store it, or to use it after
/// that block. Where the scope ends before its block does, LKR002 reports a use after its end.
/// </summary>
/// <typeparam name="T">What the table consists of.</typeparam>
public sealed unsafe class RcuPointer<T> : IDisposable
    where T : unmanaged
{
    // The length lies before the elements, so that one word publishes both.
    private const nuint Header = 64;

    // What a disposed pointer points to: readers find a table without elements, writers know it.
    private static readonly nint End = (nint)Allocate(0);

    private readonly RcuDomain _domain;
    private readonly Cell _closed;
    private nint _block;

    /// <summary>Creates an empty table.</summary>
    /// <param name="domain">Whose read scopes protect the table, and whose reclaimer frees it.</param>
    /// <exception cref="ObjectDisposedException">The domain has been disposed.</exception>
    public RcuPointer(RcuDomain domain)
    {
        ArgumentNullException.ThrowIfNull(domain);
        domain.ThrowIfDisposed();
        _domain = domain;
        _closed = domain.ClosedCell;
    }

    /// <summary>Creates a table with these elements.</summary>
    /// <param name="domain">Whose read scopes protect the table, and whose reclaimer frees it.</param>
    /// <param name="values">The elements, which are copied.</param>
    /// <exception cref="ObjectDisposedException">The domain has been disposed.</exception>
    public RcuPointer(RcuDomain domain, ReadOnlySpan<T> values)
        : this(domain) => Publish(values);

    /// <summary>The current table; it stays valid until the scope ends, whatever is published meanwhile.</summary>
    /// <param name="scope">An open scope of the same domain, held in a variable.</param>
    /// <exception cref="InvalidOperationException">The scope is closed or belongs to another domain.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<T> Read(in ReadScope scope)
    {
        scope.ThrowIfNotOf(_closed);
        var block = (byte*)Volatile.Read(ref _block);
        return block is null ? default : new ReadOnlySpan<T>(block + Header, *(int*)block);
    }

    /// <summary>
    /// Replaces the table by a copy of these elements; the old one is freed when no reader has it any more.
    /// </summary>
    /// <param name="values">The elements.</param>
    /// <exception cref="ObjectDisposedException">The pointer or its domain has been disposed.</exception>
    public void Publish(ReadOnlySpan<T> values)
    {
        ThrowIfDisposed();
        var block = Allocate(values.Length);
        values.CopyTo(new Span<T>(block + Header, values.Length));
        Replace(block);
    }

    /// <summary>Replaces the table by one that is filled in place, before anybody can see it.</summary>
    /// <param name="length">Of the new table; at least 0.</param>
    /// <param name="state">Handed to <paramref name="fill"/>.</param>
    /// <param name="fill">Writes every element; what it finds there is zero.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative.</exception>
    /// <exception cref="ObjectDisposedException">The pointer or its domain has been disposed.</exception>
    public void Publish<TState>(int length, TState state, SpanAction<T, TState> fill)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentNullException.ThrowIfNull(fill);
        ThrowIfDisposed();
        var block = Allocate(length);
        try
        {
            Span<T> values = new(block + Header, length);
            values.Clear();
            fill(values, state);
        }
        catch
        {
            NativeMemory.AlignedFree(block);
            throw;
        }

        Replace(block);
    }

    /// <summary>
    /// Takes the table away. Readers find an empty one from now on, and nothing can be published any more; a second
    /// call does nothing.
    /// </summary>
    /// <remarks>After the domain has been disposed nobody reads, and the table is freed at once.</remarks>
    public void Dispose()
    {
        if (Interlocked.CompareExchange(ref _block, End, 0) is var seen && (seen == 0 || seen == End))
        {
            // Nothing was there that anybody could be reading.
            return;
        }

        Succession exchange = new(this, (byte*)End);
        try
        {
            _domain.Exchange(ref exchange);
        }
        catch (ObjectDisposedException)
        {
            // Retiring is refused only when every reader has left for good.
            if (exchange.TryExchange(out var old))
            {
                old.Run();
            }
        }
    }

    private static nuint SizeOf(int length) => Header + ((nuint)length * (nuint)sizeof(T));

    private static byte* Allocate(int length)
    {
        var block = (byte*)NativeMemory.AlignedAlloc(SizeOf(length), Header);
        *(int*)block = length;
        return block;
    }

    private void ThrowIfDisposed()
    {
        if (Volatile.Read(ref _block) == End)
        {
            Misuse.Disposed(nameof(RcuPointer<T>));
        }

        _domain.ThrowIfDisposed();
    }

    private void Replace(byte* block)
    {
        if (Interlocked.CompareExchange(ref _block, (nint)block, 0) == 0)
        {
            // Nothing was there that anybody could be reading.
            return;
        }

        Succession exchange = new(this, block);
        try
        {
            _domain.Exchange(ref exchange);
            if (exchange.IsTooLate)
            {
                Misuse.Disposed(nameof(RcuPointer<T>));
            }
        }
        catch
        {
            // Nobody has seen it.
            NativeMemory.AlignedFree(block);
            throw;
        }
    }

    /// <summary>
    /// The step in which readers go over to the new table, or to the end, which nothing takes the place of.
    /// </summary>
    private struct Succession(RcuPointer<T> pointer, byte* next) : IExchange
    {
        public bool IsTooLate { get; private set; }

        public bool TryExchange(out RetiredItem old)
        {
            nint seen;
            do
            {
                seen = Volatile.Read(ref pointer._block);
                if (seen == End)
                {
                    IsTooLate = true;
                    old = default;
                    return false;
                }
            } while (Interlocked.CompareExchange(ref pointer._block, (nint)next, seen) != seen);

            var block = (byte*)seen;
            old = block is null ? default : RetiredItem.FreeAligned(block, (long)SizeOf(*(int*)block));
            return block is not null;
        }
    }
}
