using System.Runtime.InteropServices;

namespace Lazykick.Core;

/// <summary>
/// One callback that waits for a grace period. A struct in a reused array: retiring must not allocate, because every
/// garbage collection interrupts the very threads that a domain leaves alone.
/// </summary>
internal readonly unsafe struct RetiredItem
{
    private readonly object? _target;
    private readonly object? _callback;
    private readonly void* _memory;
    private readonly delegate*<in RetiredItem, void> _run;

    private RetiredItem(
        object? target,
        object? callback,
        void* memory,
        long bytes,
        delegate*<in RetiredItem, void> run
    )
    {
        _target = target;
        _callback = callback;
        _memory = memory;
        _run = run;
        Bytes = bytes;
    }

    /// <summary>What the resource holds, for the limits.</summary>
    public long Bytes { get; }

    /// <summary>What fills the place of a retirer that has nothing to retire after all.</summary>
    public static RetiredItem Nothing => new(null, null, null, 0, &RunNothing);

    public static RetiredItem Dispose(IDisposable resource, long bytes) =>
        new(resource, null, null, bytes, &RunDispose);

    public static RetiredItem Call<TState>(TState state, Action<TState> callback, long bytes) =>
        new(state, callback, null, bytes, &RunCallback<TState>);

    public static RetiredItem Free(void* memory, long bytes) => new(null, null, memory, bytes, &RunFree);

    public static RetiredItem FreeAligned(void* memory, long bytes) => new(null, null, memory, bytes, &RunFreeAligned);

    public static RetiredItem Complete(TaskCompletionSource completion) => new(completion, null, null, 0, &RunComplete);

    /// <summary>Runs the callback.</summary>
    public void Run() => _run(in this);

    /// <summary>What runs, for a report about a callback that does not end.</summary>
    public string Describe() =>
        (_callback, _target) switch
        {
            (Delegate callback, _) => $"{callback.Method.DeclaringType}.{callback.Method.Name}",
            (null, TaskCompletionSource) => "the end of a barrier",
            (null, { } target) => $"{target.GetType()}.Dispose",
            _ => $"the release of {Bytes} bytes of native memory",
        };

    private static void RunNothing(in RetiredItem item) { }

    private static void RunDispose(in RetiredItem item) => ((IDisposable)item._target!).Dispose();

    private static void RunCallback<TState>(in RetiredItem item) =>
        ((Action<TState>)item._callback!)((TState)item._target!);

    private static void RunFree(in RetiredItem item) => NativeMemory.Free(item._memory);

    private static void RunFreeAligned(in RetiredItem item) => NativeMemory.AlignedFree(item._memory);

    private static void RunComplete(in RetiredItem item) => ((TaskCompletionSource)item._target!).TrySetResult();
}
