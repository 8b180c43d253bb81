using System.Runtime.ExceptionServices;

namespace Lazykick.Tests.Support;

internal static class Threads
{
    /// <summary>Runs an action on a thread of its own and hands its exception on.</summary>
    public static void Run(Action action, string? name = null)
    {
        Exception? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                action();
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        })
        {
            Name = name,
            IsBackground = true,
        };
        thread.Start();
        thread.Join();
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>Runs actions at the same time, each on a thread of its own, and hands the first exception on.</summary>
    public static void RunTogether(params Action[] actions)
    {
        using Barrier start = new(actions.Length);
        Exception? failure = null;
        Thread[] threads =
        [
            .. actions.Select(action => new Thread(() =>
            {
                try
                {
                    start.SignalAndWait();
                    action();
                }
                catch (Exception exception)
                {
                    Interlocked.CompareExchange(ref failure, exception, null);
                }
            })
            {
                IsBackground = true,
            }),
        ];
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
    }
}
