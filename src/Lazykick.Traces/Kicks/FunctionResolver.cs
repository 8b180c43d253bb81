namespace Lazykick.Traces;

/// <summary>From addresses in events to classes of functions; each address is looked up once.</summary>
internal sealed class FunctionResolver(SymbolTable symbols, FunctionTable table, SkipTable skips)
{
    // Addresses in a trace are few (functions that kicks run); a damaged one could invent any number.
    private const int MostAddresses = 65536;

    private readonly Dictionary<ulong, FunctionClass> _functions = [];
    private readonly Dictionary<(ulong, ulong), EntryCause> _vectors = [];
    private readonly Dictionary<ulong, bool> _irqWork = [];

    /// <summary>The class of a function that csd_queue_cpu named.</summary>
    public FunctionClass Find(ulong address)
    {
        if (address == 0)
            return new FunctionClass(skips.NoFunction, Deferrability.Unknown);
        if (_functions.TryGetValue(address, out var known))
            return known;
        var found = Resolve(address);
        if (_functions.Count < MostAddresses)
            _functions[address] = found;
        return found;
    }

    /// <summary>The class of a function that csd_queue_cpu named, queued from a call site.</summary>
    public FunctionClass Find(ulong address, ulong callSite)
    {
        var found = Find(address);
        return IsIrqWork(callSite) ? found with { RunTrace = RunTrace.None } : found;
    }

    /// <summary>The class of a kick that is known by its interrupt only.</summary>
    public FunctionClass FindBare(EntryCause vector, ulong function) =>
        vector == EntryCause.FunctionCall ? Find(function) : new FunctionClass(skips.NotListed, Deferrability.Never);

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
                symbols.ResolveName(callback) is { } name
                && name.StartsWith("generic_smp_call_function_", StringComparison.Ordinal)
                    ? EntryCause.None // the common entry: a function call whose function is not told here
                : IsIrqWork(callSite) ? EntryCause.IrqWork
                : EntryCause.FunctionCall;
            if (_vectors.Count < MostAddresses)
                _vectors[(callback, callSite)] = vector;
        }

        return vector == EntryCause.None ? (EntryCause.FunctionCall, 0) : (vector, callback);
    }

    private bool IsIrqWork(ulong callSite)
    {
        if (!_irqWork.TryGetValue(callSite, out var known))
        {
            known = symbols.ResolveName(callSite)?.StartsWith("irq_work_", StringComparison.Ordinal) == true;
            if (_irqWork.Count < MostAddresses)
                _irqWork[callSite] = known;
        }

        return known;
    }

    private FunctionClass Resolve(ulong address)
    {
        if (symbols.ResolveName(address) is not { } name)
            return new FunctionClass(skips.NoFunction, Deferrability.Unknown);
        var run = name.StartsWith("sched_ttwu_pending", StringComparison.Ordinal) ? RunTrace.Batch : RunTrace.Own;
        return table.Find(name) is { } row
            ? new FunctionClass(skips.Class(row.Deferrability, row.KickClass), row.Deferrability, run)
            : new FunctionClass(skips.NotListed, Deferrability.Unknown, run);
    }
}
