using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Lazykick.Analyzers;

/// <summary>
/// What is known at one point of a function: which scopes are open, which scopes or pins each variable's value needs,
/// and which variables hold a value that has lost all of them on some way here.
/// </summary>
internal sealed class ScopeState
{
    private readonly Dictionary<object, ISymbol?> _open = [];
    private readonly Dictionary<object, object> _pins = [];
    private readonly Dictionary<object, HashSet<object>> _needs = [];
    private readonly HashSet<object> _dead = [];

    /// <summary>The beginning of a function: its callers' scopes are open.</summary>
    public static ScopeState At(ISymbol function)
    {
        ScopeState state = new();
        if (Names.IsProtected(function))
            state._open.Add(function, null);
        foreach (var parameter in (function as IMethodSymbol)?.Parameters ?? [])
        {
            if (IsActiveScope(parameter.Type))
                state._open.Add(parameter, null);
        }

        return state;
    }

    /// <summary>
    /// The variable that an operation names: a local, a parameter, one of the compiler's, or an element of a local
    /// tuple.
    /// </summary>
    public static object? KeyOf(IOperation operation) =>
        operation switch
        {
            ILocalReferenceOperation local => local.Local,
            IParameterReferenceOperation parameter => parameter.Parameter,
            IFlowCaptureReferenceOperation capture => capture.Id,
            IFieldReferenceOperation { Instance: ILocalReferenceOperation tuple, Field: var element }
                when tuple.Type is { IsTupleType: true } => (
                tuple.Local,
                (element.CorrespondingTupleField ?? element).Name
            ),
            _ => null,
        };

    /// <summary>Whether a variable's value has lost its scope.</summary>
    public bool IsDead(object variable) => _dead.Contains(variable);

    /// <summary>The scopes that are open, with their domains where those can be told.</summary>
    public IEnumerable<KeyValuePair<object, ISymbol?>> Open => _open;

    /// <summary>The variable that holds a pin: what the compiler copied it from, if it did.</summary>
    public object? PinOf(IOperation operation) =>
        KeyOf(operation) is not { } key ? null
        : _pins.TryGetValue(key, out var pin) ? pin
        : key;

    /// <summary>The scopes that a variable's value needs.</summary>
    public IEnumerable<object> NeedsOf(object variable) =>
        _needs.TryGetValue(variable, out var needs) ? needs : [];

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
        foreach (var pair in other._open)
            _open[pair.Key] = pair.Value;
        foreach (var pair in other._pins)
            _pins[pair.Key] = pair.Value;
        _dead.UnionWith(other._dead);
        foreach (var pair in other._needs)
        {
            if (_needs.TryGetValue(pair.Key, out var scopes))
                scopes.UnionWith(pair.Value);
            else
                _needs[pair.Key] = [.. pair.Value];
        }

        return Size() != count;

        int Size() =>
            _open.Count + _pins.Count + _dead.Count + _needs.Count + _needs.Values.Sum(scopes => scopes.Count);
    }

    /// <summary>A scope is opened.</summary>
    public void Enter(object scope, ISymbol? domain) => _open[scope] = domain;

    /// <summary>A scope or a pin ends.</summary>
    /// <param name="scope">Its variable.</param>
    public void Close(object scope)
    {
        _ = _open.Remove(scope);
        foreach (var variable in _needs.Keys.ToList())
        {
            if (!_needs[variable].Remove(scope) || _needs[variable].Count > 0)
                continue;
            _ = _needs.Remove(variable);
            _ = _dead.Add(variable);
        }
    }

    /// <summary>A variable gets a pin: what the one before gave is nobody's business any more.</summary>
    /// <param name="variable">It.</param>
    /// <param name="from">What it is a copy of.</param>
    public void TakePin(object variable, object? from)
    {
        if (from is not null)
        {
            _pins[variable] = from;
            return;
        }

        foreach (var needs in _needs.Values)
            _ = needs.Remove(variable);
    }

    /// <summary>A variable gets a value.</summary>
    public void Assign(object variable, ICollection<object> needs)
    {
        Forget(variable);
        if (needs.Count > 0)
            _needs[variable] = [.. needs];
    }

    /// <summary>A part of a variable gets a value: what the rest needs stays.</summary>
    public void AssignPart(object variable, ICollection<object> needs)
    {
        if (needs.Count > 0)
            _needs[variable] = [.. needs, .. NeedsOf(variable)];
    }

    /// <summary>A variable is emptied.</summary>
    public void Forget(object variable)
    {
        _ = _needs.Remove(variable);
        _ = _dead.Remove(variable);
        foreach (var key in _needs.Keys.Concat(_dead).Where(IsElement).ToList())
        {
            _ = _needs.Remove(key);
            _ = _dead.Remove(key);
        }

        bool IsElement(object key) =>
            key is ValueTuple<ILocalSymbol, string> element
            && SymbolEqualityComparer.Default.Equals(element.Item1, variable as ISymbol);
    }

    /// <summary>Whether a type is a scope in which references are protected.</summary>
    public static bool IsActiveScope(ITypeSymbol? type) =>
        Names.Is(type, Names.ReadScope) || Names.Is(type, Names.ActiveScope);
}
