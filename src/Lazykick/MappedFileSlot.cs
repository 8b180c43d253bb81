using System.Runtime.CompilerServices;

namespace Lazykick;

/// <summary>
/// A file that is mapped read-only and replaced while readers are inside: the next one is opened and mapped, published,
/// and the old one unmapped as soon as, and not before, the last reader has left.
/// </summary>
public sealed class MappedFileSlot : IDisposable, IAsyncDisposable
{
    private readonly HotSwap<FileMapping> _mapping;

    /// <summary>Creates the slot, without a file.</summary>
    /// <param name="domain">Whose read scopes protect the mapping, and whose reclaimer unmaps it. It is not disposed
    /// here.</param>
    /// <exception cref="ObjectDisposedException">The domain has been disposed.</exception>
    public MappedFileSlot(RcuDomain domain) => _mapping = new HotSwap<FileMapping>(domain, nameof(MappedFileSlot));

    /// <summary>Creates the slot and maps a file.</summary>
    /// <param name="domain">Whose read scopes protect the mapping, and whose reclaimer unmaps it. It is not disposed
    /// here.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be opened or mapped.</exception>
    /// <exception cref="ObjectDisposedException">The domain has been disposed.</exception>
    public MappedFileSlot(RcuDomain domain, string path)
        : this(domain) => Open(path);

    /// <summary>How often a file has been mapped.</summary>
    public long Version => _mapping.Version;

    /// <summary>Files that are mapped: the current one, and old ones that readers are still inside of.</summary>
    public long OpenFiles => _mapping.OpenVersions;

    /// <summary>Bytes that those have together.</summary>
    public long OpenBytes => _mapping.OpenBytes;

    /// <summary>The current file's bytes; they stay mapped until the scope ends.</summary>
    /// <param name="scope">An open scope of the same domain, held in a variable.</param>
    /// <returns>A view; empty if no file is mapped, or the file is empty.</returns>
    /// <exception cref="InvalidOperationException">The scope is closed or belongs to another domain.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public MappedView Read(in ReadScope scope)
    {
        var borrow = _mapping.Read(scope);
        return borrow.HasValue ? borrow.Value.View : default;
    }

    /// <summary>
    /// Maps a file in place of the current one, which is unmapped when its last reader has left. Does not wait for
    /// that.
    /// </summary>
    /// <param name="path">The file. It must not be cut short while it is mapped; replace it by renaming another one
    /// over it.</param>
    /// <exception cref="IOException">The file cannot be opened or mapped; the current one stays.</exception>
    /// <exception cref="ObjectDisposedException">The slot or its domain has been disposed.</exception>
    public void Open(string path)
    {
        _mapping.ThrowIfDisposed();
        FileMapping next = new(path);
        try
        {
            _mapping.Swap(next, next.Length);
        }
        catch
        {
            next.Dispose();
            throw;
        }
    }

    /// <summary>As <see cref="Open"/>, and completes when the old file is unmapped.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Ends the wait, not the exchange; if it is cancelled already, nothing is
    /// opened.</param>
    /// <exception cref="IOException">The file cannot be opened or mapped; the current one stays.</exception>
    /// <exception cref="ObjectDisposedException">The slot or its domain has been disposed.</exception>
    /// <exception cref="InvalidOperationException">The caller is active in this domain, or is a callback of it; the
    /// current file stays. <see cref="Open"/> may be called there.</exception>
    public ValueTask OpenAsync(string path, CancellationToken cancellationToken = default)
    {
        _mapping.ThrowIfCannotWait(nameof(OpenAsync));
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        FileMapping next = new(path);
        try
        {
            return _mapping.SwapAsync(next, next.Length, cancellationToken);
        }
        catch
        {
            next.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Takes the file away for good and waits until it is unmapped, for <see cref="RcuDomainOptions.DisposeTimeout"/>
    /// at most. In a callback of the domain it does not wait: the file is unmapped after the callback.
    /// </summary>
    /// <exception cref="InvalidOperationException">The caller is active in this domain; nothing has been
    /// done.</exception>
    /// <exception cref="TimeoutException">A reader did not leave its scope, or a callback did not end; the message says
    /// which. No file can be opened any more; another call goes on waiting.</exception>
    public void Dispose() => _mapping.Dispose();

    /// <summary>As <see cref="Dispose"/>, without holding a thread while it waits.</summary>
    /// <exception cref="InvalidOperationException">The caller is active in this domain, or is a callback of it; nothing
    /// has been done.</exception>
    /// <exception cref="TimeoutException">As <see cref="Dispose"/>.</exception>
    public ValueTask DisposeAsync() => _mapping.DisposeAsync();
}
