using Lazykick.Traces.Names;
using Lazykick.Traces.States;

namespace Lazykick.Traces.Kicks;

/// <summary>From addresses in events to classes of functions; each address is looked up once.</summary>
internal sealed class FunctionResolver
{
    // Addresses in a trace are few (functions that kicks run); a damaged one could invent any number.
    private const int MostAddresses = 65536;

    private readonly SymbolTable _symbols;
    private readonly FunctionTable _table;
    private readonly Dictionary<(Deferrability, string?, RunTrace), FunctionClass> _classes = [];
    private readonly Dictionary<ulong, FunctionClass> _functions = [];
    private readonly Dictionary<(ulong, ulong), EntryCause> _vectors = [];
    private readonly Dictionary<ulong, bool> _irqWork = [];
    private readonly FunctionClass _untold;
    private readonly FunctionClass _noFunction;

    public FunctionResolver(SymbolTable symbols, FunctionTable table)
    {
        _symbols = symbols;
        _table = table;
        _untold = ClassOf(Deferrability.Unknown, "", RunTrace.Own);
        _noFunction = ClassOf(Deferrability.Never, null, RunTrace.Own);
    }

    /// <summary>The class of a function that csd_queue_cpu named, queued from a call site.</summary>
    public FunctionClass Find(ulong address, ulong callSite)
    {
        var found = Find(address);
        return IsIrqWork(callSite) ? ClassOf(found.Deferrability, found.KickClass, RunTrace.None) : found;
    }

    /// <summary>The class of a function whose run no event tells: it has run when the queue is seen emptied.</summary>
    /// <param name="address">The function.</param>
    /// <param name="isWake">A list of wake-ups is queued, for which no function is named.</param>
    public FunctionClass FindSilent(ulong address, bool isWake)
    {
        if (isWake)
        {
            return _table.Find("sched_ttwu_pending") is { } row
                ? ClassOf(row.Deferrability, row.KickClass, RunTrace.None)
                : ClassOf(Deferrability.Never, null, RunTrace.None);
        }

        var found = Find(address);
        return ClassOf(found.Deferrability, found.KickClass, RunTrace.None);
    }

    /// <summary>The class of a kick that is known by its interrupt only.</summary>
    public FunctionClass FindBare(EntryCause vector, ulong function) =>
        vector == EntryCause.FunctionCall ? Find(function) : _noFunction;

    /// <summary>
    /// What ipi_send_* announces: its callback is null for a reschedule interrupt, the work for irq_work, the function
    /// itself in 6.4, and the common entry of function calls later.
    /// </summary>
    /// <returns>The interrupt, and the function or 0.</returns>
    public (EntryCause Vector, ulong Function) FindVector(ulong callback, ulong callSite)
    {
        if (callback == 0)
            return (EntryCause.Reschedule, 0);
        if (!_vectors.TryGetValue((callback, callSite), out var vector))
        {
            vector =
                _symbols.ResolveName(callback) is { } name
                && name.StartsWith("generic_smp_call_function_", StringComparison.Ordinal)
                    ? EntryCause.None // the common entry: a function call whose function is not told here
                : IsIrqWork(callSite) ? EntryCause.IrqWork
                : EntryCause.FunctionCall;
            if (_vectors.Count < MostAddresses)
                _vectors[(callback, callSite)] = vector;
        }

        return vector == EntryCause.None ? (EntryCause.FunctionCall, 0) : (vector, callback);
    }

    private FunctionClass Find(ulong address)
    {
        if (address == 0)
            return _untold;
        if (_functions.TryGetValue(address, out var known))
            return known;
        var found = Resolve(address);
        if (_functions.Count < MostAddresses)
            _functions[address] = found;
        return found;
    }

    private FunctionClass Resolve(ulong address)
    {
        if (_symbols.ResolveName(address) is not { } name)
            return _untold;
        var run = name.StartsWith("sched_ttwu_pending", StringComparison.Ordinal) ? RunTrace.Batch : RunTrace.Own;
        return _table.Find(name) is { } row
            ? ClassOf(row.Deferrability, row.KickClass, run)
            : ClassOf(Deferrability.Unknown, null, run);
    }

    private FunctionClass ClassOf(Deferrability deferrability, string? kickClass, RunTrace run)
    {
        var key = (deferrability, kickClass, run);
        if (!_classes.TryGetValue(key, out var known))
            _classes[key] = known = new FunctionClass(_classes.Count, deferrability, kickClass, run);
        return known;
    }

    private bool IsIrqWork(ulong callSite)
    {
        if (!_irqWork.TryGetValue(callSite, out var known))
        {
            known = _symbols.ResolveName(callSite)?.StartsWith("irq_work_", StringComparison.Ordinal) == true;
            if (_irqWork.Count < MostAddresses)
                _irqWork[callSite] = known;
        }

        return known;
    }
}
