using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Lazykick.Analyzers;

/// <summary>
/// What is known at one point of a function: which scopes are open, which of them each variable's value needs, and
/// which variables hold a value that has lost all of its scopes on some way here.
/// </summary>
internal sealed class ScopeState
{
    private readonly HashSet<object> _open = [];
    private readonly Dictionary<object, HashSet<object>> _needs = [];
    private readonly HashSet<object> _dead = [];

    /// <summary>The beginning of a function: its callers' scopes are open.</summary>
    public static ScopeState At(ISymbol function)
    {
        ScopeState state = new();
        if (Names.IsProtected(function))
            _ = state._open.Add(function);
        foreach (var parameter in (function as IMethodSymbol)?.Parameters ?? [])
        {
            if (IsActiveScope(parameter.Type))
                _ = state._open.Add(parameter);
        }

        return state;
    }

    /// <summary>The variable that an operation names: a local, a parameter, or one of the compiler's.</summary>
    public static object? KeyOf(IOperation operation) =>
        operation switch
        {
            ILocalReferenceOperation local => local.Local,
            IParameterReferenceOperation parameter => parameter.Parameter,
            IFlowCaptureReferenceOperation capture => capture.Id,
            _ => null,
        };

    /// <summary>Whether a variable's value has lost its scope.</summary>
    public bool IsDead(object variable) => _dead.Contains(variable);

    /// <summary>The same, to be changed on its own.</summary>
    public ScopeState Copy()
    {
        ScopeState copy = new();
        _ = copy.Add(this);
        return copy;
    }

    /// <summary>Where two ways meet.</summary>
    /// <returns>Whether anything was new.</returns>
    public bool Add(ScopeState other)
    {
        var count = Size();
        _open.UnionWith(other._open);
        _dead.UnionWith(other._dead);
        foreach (var pair in other._needs)
        {
            if (_needs.TryGetValue(pair.Key, out var scopes))
                scopes.UnionWith(pair.Value);
            else
                _needs[pair.Key] = [.. pair.Value];
        }

        return Size() != count;

        int Size() => _open.Count + _dead.Count + _needs.Count + _needs.Values.Sum(scopes => scopes.Count);
    }

    /// <summary>A scope ends.</summary>
    /// <param name="scope">Its variable.</param>
    /// <param name="isSeen">Whether by a call that is written there, and not by <c>using</c>.</param>
    public void Close(object scope, bool isSeen)
    {
        _ = _open.Remove(scope);
        foreach (var variable in _needs.Keys.ToList())
        {
            if (!_needs[variable].Remove(scope) || _needs[variable].Count > 0)
                continue;
            _ = _needs.Remove(variable);
            if (isSeen)
                _ = _dead.Add(variable);
        }
    }

    /// <summary>A variable gets a value.</summary>
    public void Assign(object variable, IOperation value, bool isRef)
    {
        if (IsActiveScope(value.Type))
        {
            _ = _open.Add(variable);
            return;
        }

        var needs = NeedsOf(value, isRef);
        _ = _needs.Remove(variable);
        _ = _dead.Remove(variable);
        if (needs.Count > 0)
            _needs[variable] = needs;
    }

    private static bool IsActiveScope(ITypeSymbol? type) =>
        Names.Is(type, Names.ReadScope) || Names.Is(type, Names.ActiveScope);

    private static IOperation Unconverted(IOperation value)
    {
        while (value is IConversionOperation { OperatorMethod: null } conversion)
            value = conversion.Operand;
        return value;
    }

    /// <summary>The scopes that have to stay open for a value to be of use.</summary>
    private HashSet<object> NeedsOf(IOperation value, bool isRef)
    {
        if (KeyOf(value) is { } variable)
            return _needs.TryGetValue(variable, out var known) ? [.. known] : [];
        if (IsProtectedRead(value, isPointer: value.Type is IPointerTypeSymbol))
        {
            var instance = (value as IMemberReferenceOperation)?.Instance;
            return instance is { Type.IsRefLikeType: true } ? NeedsOf(instance, isRef: false) : [.. _open];
        }

        if (value is IConversionOperation { OperatorMethod: null } conversion)
        {
            return
                conversion.Type is IPointerTypeSymbol && IsProtectedRead(Unconverted(conversion), isPointer: true)
                ? [.. _open]
                : NeedsOf(conversion.Operand, isRef);
        }

        HashSet<object> needs = [];
        if (!isRef && value.Type is not ({ IsRefLikeType: true } or IPointerTypeSymbol))
            return needs;
        foreach (var part in value.ChildOperations)
        {
            var operand = part is IArgumentOperation argument ? argument.Value : part;
            if (!IsActiveScope(operand.Type))
                needs.UnionWith(NeedsOf(operand, isRef));
            else if (KeyOf(operand) is { } scope)
                _ = needs.Add(scope);
        }

        return needs;
    }

    private static bool IsProtectedRead(IOperation value, bool isPointer) =>
        value switch
        {
            IFieldReferenceOperation field => Names.IsProtected(field.Member)
                || (isPointer && field.Instance is not { Type.IsRefLikeType: true }),
            IMemberReferenceOperation member => Names.IsProtected(member.Member),
            IInvocationOperation { TargetMethod: { Name: "Read", ContainingType.Name: "Volatile" } } read => isPointer
                || (read.Arguments[0].Value is IMemberReferenceOperation member && Names.IsProtected(member.Member)),
            IInvocationOperation call => Names.IsProtected(call.TargetMethod),
            _ => false,
        };
}
