using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Lazykick.Analyzers;

/// <summary>Members that wait for another thread, for time, or for the outside world.</summary>
internal static class BlockingCalls
{
    private static readonly HashSet<string> Members = new(StringComparer.Ordinal)
    {
        "System.Threading.Thread.Sleep",
        "System.Threading.Thread.Join",
        "System.Threading.Monitor.Wait",
        "System.Threading.Monitor.Enter",
        "System.Threading.Monitor.TryEnter",
        "System.Threading.Lock.Enter",
        "System.Threading.Mutex.WaitOne",
        "System.Threading.WaitHandle.WaitOne",
        "System.Threading.WaitHandle.WaitAll",
        "System.Threading.WaitHandle.WaitAny",
        "System.Threading.SemaphoreSlim.Wait",
        "System.Threading.ManualResetEventSlim.Wait",
        "System.Threading.CountdownEvent.Wait",
        "System.Threading.Barrier.SignalAndWait",
        "System.Threading.SpinWait.SpinUntil",
        "System.Threading.ReaderWriterLockSlim.EnterReadLock",
        "System.Threading.ReaderWriterLockSlim.EnterWriteLock",
        "System.Threading.ReaderWriterLockSlim.EnterUpgradeableReadLock",
        "System.Threading.Tasks.Task.Wait",
        "System.Threading.Tasks.Task.WaitAll",
        "System.Threading.Tasks.Task.WaitAny",
        "System.Threading.Tasks.Task.Result",
        "System.Threading.Tasks.ValueTask.Result",
        "System.Threading.Tasks.Parallel.For",
        "System.Threading.Tasks.Parallel.ForEach",
        "System.Threading.Tasks.Parallel.Invoke",
        "System.Collections.Concurrent.BlockingCollection.Take",
        "System.Collections.Concurrent.BlockingCollection.Add",
        "System.Diagnostics.Process.WaitForExit",
        "System.Console.Read",
        "System.Console.ReadLine",
        "System.Console.ReadKey",
        "System.GC.WaitForPendingFinalizers",
        "System.GC.Collect",
        "System.Net.Http.HttpClient.Send",
    };

    /// <summary>Awaiters of every kind: <c>GetResult</c> waits.</summary>
    private static readonly HashSet<string> Awaiters = new(StringComparer.Ordinal)
    {
        "TaskAwaiter",
        "ValueTaskAwaiter",
        "ConfiguredTaskAwaiter",
        "ConfiguredValueTaskAwaiter",
    };

    /// <summary>Types whose calls of these names read or write outside of memory.</summary>
    private static readonly HashSet<string> InputAndOutput = new(StringComparer.Ordinal)
    {
        "System.IO.File",
        "System.IO.RandomAccess",
        "System.IO.Stream",
        "System.IO.FileStream",
        "System.IO.StreamReader",
        "System.IO.StreamWriter",
        "System.IO.TextReader",
        "System.IO.BinaryReader",
        "System.Net.Sockets.Socket",
        "System.Net.Sockets.NetworkStream",
        "System.IO.Pipes.PipeStream",
    };

    private static readonly string[] InputAndOutputNames =
    [
        "Read",
        "Write",
        "Append",
        "Copy",
        "Open",
        "Flush",
        "Receive",
        "Send",
        "Accept",
        "Connect",
    ];

    /// <summary>How a member is called in a message if it blocks; null if it does not.</summary>
    public static string? NameOf(ISymbol member)
    {
        if (member.ContainingType is not { } type)
            return null;
        var typeName = $"{type.ContainingNamespace?.ToDisplayString()}.{type.Name}";
        var blocks =
            Members.Contains($"{typeName}.{member.Name}")
            || (member.Name == "GetResult" && Awaiters.Contains(type.Name))
            || (
                InputAndOutput.Contains(typeName)
                && !member.Name.EndsWith("Async", StringComparison.Ordinal)
                && member is IMethodSymbol { MethodKind: MethodKind.Ordinary }
                && InputAndOutputNames.Any(name => member.Name.StartsWith(name, StringComparison.Ordinal))
            );
        return blocks ? $"{type.Name}.{member.Name}" : null;
    }

    /// <summary>The member that an operation calls or reads, if it may block.</summary>
    public static string? NameOf(IOperation operation)
    {
        var name = operation switch
        {
            IInvocationOperation call when !OnlyTries(call) => NameOf(call.TargetMethod),
            IPropertyReferenceOperation property => NameOf(property.Property),
            _ => null,
        };
        return name is null || CompletedTasks.IsKnownAt(operation) ? null : name;
    }

    /// <summary>Whether a call comes back at once: <c>Monitor.TryEnter(x)</c>, <c>Wait(0)</c>.</summary>
    private static bool OnlyTries(IInvocationOperation call)
    {
        // Monitor.Wait takes the lock again however short it waits; Sleep(0) gives the processor away.
        if (call.TargetMethod is { Name: "Wait", ContainingType.Name: "Monitor" } or { Name: "Sleep" })
            return false;
        var limit = call.Arguments.FirstOrDefault(argument =>
            argument.Parameter?.Name is "millisecondsTimeout" or "timeout" or "milliseconds"
        );
        if (limit is null)
            return call.TargetMethod is { Name: "TryEnter", ContainingType.Name: "Monitor" };
        var value = limit.Value;
        while (value is IConversionOperation conversion)
            value = conversion.Operand;
        return value.ConstantValue is { HasValue: true, Value: 0 }
            || value is IFieldReferenceOperation { Field: { Name: "Zero", ContainingType.Name: "TimeSpan" } };
    }
}
