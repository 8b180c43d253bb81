using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Lazykick.Analyzers;

/// <summary>LKR003 and LKR004.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class WaitAnalyzer : DiagnosticAnalyzer
{
    private static readonly HashSet<string> DomainWaits = new(StringComparer.Ordinal)
    {
        "Synchronize",
        "SynchronizeAsync",
        "Barrier",
        "BarrierAsync",
        "Dispose",
    };

    /// <summary>Members that wait for another thread, for time, or for the outside world.</summary>
    private static readonly HashSet<string> Blocking = new(StringComparer.Ordinal)
    {
        "System.Threading.Thread.Sleep",
        "System.Threading.Thread.Join",
        "System.Threading.Monitor.Wait",
        "System.Threading.WaitHandle.WaitOne",
        "System.Threading.WaitHandle.WaitAll",
        "System.Threading.WaitHandle.WaitAny",
        "System.Threading.SemaphoreSlim.Wait",
        "System.Threading.ManualResetEventSlim.Wait",
        "System.Threading.CountdownEvent.Wait",
        "System.Threading.Barrier.SignalAndWait",
        "System.Threading.SpinWait.SpinUntil",
        "System.Threading.Tasks.Task.Wait",
        "System.Threading.Tasks.Task.WaitAll",
        "System.Threading.Tasks.Task.WaitAny",
        "System.Threading.Tasks.Task.Result",
        "System.Runtime.CompilerServices.TaskAwaiter.GetResult",
        "System.Collections.Concurrent.BlockingCollection.Take",
        "System.Diagnostics.Process.WaitForExit",
        "System.Console.Read",
        "System.Console.ReadLine",
        "System.Console.ReadKey",
        "System.Net.Sockets.Socket.Receive",
        "System.Net.Sockets.Socket.Accept",
        "System.Net.Sockets.Socket.Connect",
        "System.GC.WaitForPendingFinalizers",
    };

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics =>
        [Rules.WaitsForItself, Rules.BlocksWhileActive];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterOperationAction(AnalyzeCall, OperationKind.Invocation);
        context.RegisterOperationAction(AnalyzeProperty, OperationKind.PropertyReference);
    }

    private static void AnalyzeCall(OperationAnalysisContext context)
    {
        var call = (IInvocationOperation)context.Operation;
        if (Names.Is(call.TargetMethod.ContainingType, Names.Domain))
        {
            if (DomainWaits.Contains(call.TargetMethod.Name))
                Report(context, Rules.WaitsForItself, call.TargetMethod);
        }
        else if (Blocking.Contains(FullName(call.TargetMethod)))
        {
            Report(context, Rules.BlocksWhileActive, call.TargetMethod);
        }
    }

    private static void AnalyzeProperty(OperationAnalysisContext context)
    {
        var property = ((IPropertyReferenceOperation)context.Operation).Property;
        if (Blocking.Contains(FullName(property)))
            Report(context, Rules.BlocksWhileActive, property);
    }

    private static void Report(OperationAnalysisContext context, DiagnosticDescriptor rule, ISymbol member)
    {
        if (EnclosingScope.Find(context.Operation) is { IsActive: true })
        {
            context.ReportDiagnostic(
                Diagnostic.Create(
                    rule,
                    context.Operation.Syntax.GetLocation(),
                    $"{member.ContainingType.Name}.{member.Name}"
                )
            );
        }
    }

    private static string FullName(ISymbol member) =>
        $"{member.ContainingNamespace.ToDisplayString()}.{member.ContainingType.Name}.{member.Name}";
}
