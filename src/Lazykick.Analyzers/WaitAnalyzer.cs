using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Lazykick.Analyzers;

/// <summary>LKR003 and LKR004: in the function itself, and one call deep in methods of the same project.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class WaitAnalyzer : DiagnosticAnalyzer
{
    private static readonly HashSet<string> DomainWaits = new(StringComparer.Ordinal)
    {
        "Synchronize",
        "SynchronizeAsync",
        "Barrier",
        "BarrierAsync",
        "WaitForRoom",
        "WaitForRoomAsync",
        "Dispose",
        "DisposeAsync",
    };

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics =>
        [Rules.WaitsForItself, Rules.BlocksWhileActive];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(Start);
    }

    private static void Start(CompilationStartAnalysisContext context)
    {
        ConcurrentDictionary<ISymbol, string> blocking = new(SymbolEqualityComparer.Default);
        ConcurrentBag<(IMethodSymbol Method, Location Location)> calls = [];
        context.RegisterOperationAction(
            operation => Analyze(operation, blocking, calls),
            OperationKind.Invocation,
            OperationKind.PropertyReference
        );
        context.RegisterCompilationEndAction(end =>
        {
            foreach (var (method, location) in calls)
            {
                if (blocking.TryGetValue(method, out var name))
                {
                    end.ReportDiagnostic(
                        Diagnostic.Create(Rules.BlocksWhileActive, location, $"{method.Name}, which calls {name},")
                    );
                }
            }
        });
    }

    private static void Analyze(
        OperationAnalysisContext context,
        ConcurrentDictionary<ISymbol, string> blocking,
        ConcurrentBag<(IMethodSymbol, Location)> calls
    )
    {
        var scope = EnclosingScope.Find(context.Operation);
        if (context.Operation is IInvocationOperation { TargetMethod: { ContainingType: var owner } called } call)
        {
            if (Names.Is(owner, Names.Domain) ? DomainWaits.Contains(called.Name) : IsWaitOfTypedForm(called))
                AnalyzeDomainWait(context, call, scope, blocking);
            if (Names.IsLibrary(owner))
                return;
        }

        if (BlockingCalls.NameOf(context.Operation) is { } name)
        {
            if (scope is { IsActive: true })
            {
                context.ReportDiagnostic(
                    Diagnostic.Create(Rules.BlocksWhileActive, context.Operation.Syntax.GetLocation(), name)
                );
            }
            else if (scope is null && !IsInLambda(context.Operation))
            {
                blocking.TryAdd(context.ContainingSymbol, name);
            }
        }
        else if (
            scope is { IsActive: true }
            && context.Operation is IInvocationOperation { TargetMethod: var method }
            && method.DeclaringSyntaxReferences.Length > 0
        )
        {
            calls.Add((method.OriginalDefinition, context.Operation.Syntax.GetLocation()));
        }
    }

    /// <summary>
    /// An error where it is the scope's own domain, which throws; domains do not wait for each other's readers.
    /// </summary>
    private static void AnalyzeDomainWait(
        OperationAnalysisContext context,
        IInvocationOperation call,
        EnclosingScope? scope,
        ConcurrentDictionary<ISymbol, string> blocking
    )
    {
        var name = $"{call.TargetMethod.ContainingType.Name}.{call.TargetMethod.Name}";
        ISymbol? domain;
        string why;
        if (scope is { IsActive: true } active)
        {
            domain = active.Domain;
            why =
                "waits for all threads to be quiescent, and this one is active: it would wait for itself and throws. "
                + "Move it behind the scope.";
        }
        else if (RetirementAround(call) is { } retirement && !IsAllowedInCallback(call.TargetMethod))
        {
            domain = DomainSymbols.SymbolOf(retirement.Instance);
            why =
                "waits for all callbacks that were retired before, and this is one: it would wait for itself and "
                + "throws. Move it to the code that retires.";
        }
        else
        {
            // What a typed form gives as a task has not blocked yet.
            var blocks =
                Names.Is(call.TargetMethod.ContainingType, Names.Domain) || call.TargetMethod.Name is "Dispose";
            if (scope is null && blocks && !IsInLambda(call))
                blocking.TryAdd(context.ContainingSymbol, name);
            return;
        }

        var waited = Names.Is(call.TargetMethod.ContainingType, Names.Domain)
            ? DomainSymbols.SymbolOf(call.Instance)
            : DomainSymbols.OfTypedForm(call.Instance);
        var severity = DiagnosticSeverity.Warning;
        if (waited is not null && domain is not null)
        {
            if (!SymbolEqualityComparer.Default.Equals(waited, domain))
                return;
            severity = DiagnosticSeverity.Error;
        }

        context.ReportDiagnostic(
            Diagnostic.Create(
                Rules.WaitsForItself,
                call.Syntax.GetLocation(),
                severity,
                additionalLocations: null,
                properties: null,
                name,
                why
            )
        );
    }

    /// <summary>Calls that wait until a version of a file or an object has been closed.</summary>
    private static bool IsWaitOfTypedForm(IMethodSymbol method) =>
        (method.Name, method.ContainingType) switch
        {
            ("Dispose" or "DisposeAsync", var type) => Names.Is(type, Names.FileSlot) || Names.Is(type, Names.HotSwap),
            ("OpenAsync", var type) => Names.Is(type, Names.FileSlot),
            ("SwapAsync", var type) => Names.Is(type, Names.HotSwap),
            _ => false,
        };

    // A callback runs after its grace period and may wait for another one; a typed form's Dispose does not wait there.
    private static bool IsAllowedInCallback(IMethodSymbol method) =>
        method.Name is "Synchronize" or "SynchronizeAsync"
        || (method.Name is "Dispose" && !Names.Is(method.ContainingType, Names.Domain));

    /// <summary>The call of Retire whose callback an operation stands in directly.</summary>
    private static IInvocationOperation? RetirementAround(IOperation operation)
    {
        var parent = operation.Parent;
        while (parent is not (null or IAnonymousFunctionOperation or ILocalFunctionOperation))
            parent = parent.Parent;
        if (parent is not IAnonymousFunctionOperation)
            return null;
        do
        {
            parent = parent.Parent;
        } while (parent is IDelegateCreationOperation or IConversionOperation or IArgumentOperation);
        return
            parent is IInvocationOperation { TargetMethod.Name: "Retire" } call
            && Names.Is(call.TargetMethod.ContainingType, Names.Domain)
            ? call
            : null;
    }

    private static bool IsInLambda(IOperation operation)
    {
        for (var parent = operation.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is IAnonymousFunctionOperation or ILocalFunctionOperation)
                return true;
        }

        return false;
    }
}
