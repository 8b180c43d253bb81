using Lazykick.Core;

namespace Lazykick;

/// <summary>
/// Holds one object, on any thread and across awaits, until it is disposed. A pin that nobody disposes keeps its object
/// for ever; grace periods do not wait for it.
/// </summary>
/// <typeparam name="T">The object's type.</typeparam>
public sealed class RcuPin<T> : IDisposable
    where T : class, IDisposable
{
    private Held<T>? _held;

    internal RcuPin(Held<T> held) => _held = held;

    /// <summary>The object.</summary>
    /// <exception cref="ObjectDisposedException">The pin has been disposed.</exception>
    public T Value
    {
        get
        {
            var held = Volatile.Read(ref _held);
            if (held is null)
            {
                Misuse.PinDisposed();
            }

            return held.Value;
        }
    }

    /// <summary>
    /// Lets go, once. If the object has been replaced and this was the last pin, disposes it, on this thread.
    /// </summary>
    public void Dispose() => Interlocked.Exchange(ref _held, null)?.Release();
}
