using System.Numerics;
using Lazykick.Traces.Cpus;

namespace Lazykick.Traces.Totals;

/// <summary>
/// The selection (scope 0) and the phases; which are open is a bit each, so that a kick can keep the scopes of its
/// sending.
/// </summary>
internal sealed class ScopeSet
{
    // Bit 0 is the selection. A trace with more phases keeps the first ones.
    private const int MostScopes = 64;

    private readonly CpuTimeline[] _cpus;
    private readonly int _schemeBits;
    private readonly Selection _selection;
    private readonly Dictionary<string, Scope> _byName = new(StringComparer.Ordinal);
    private readonly List<Scope> _all = [];
    private ulong _from;
    private ulong _to = ulong.MaxValue;
    private bool _windowOpen;

    public ScopeSet(CpuTimeline[] cpus, int schemeBits, Selection selection)
    {
        _cpus = cpus;
        _schemeBits = schemeBits;
        _selection = selection;
        _all.Add(new Scope("", 0, cpus.Length, schemeBits));
    }

    /// <summary>The selection that the report is about.</summary>
    public Scope Selection => _all[0];

    public IReadOnlyList<Scope> All => _all;

    /// <summary>Scopes open now, a bit each.</summary>
    public ulong Open { get; private set; }

    /// <summary>Time of the next change that no mark makes.</summary>
    public ulong NextBoundary { get; private set; } = ulong.MaxValue;

    public bool HasMorePhases { get; private set; }

    public void Begin(ulong start)
    {
        _from = _selection.From?.ToTime(start) ?? 0;
        _to = _selection.To?.ToTime(start) ?? ulong.MaxValue;
        if (_from > start)
        {
            NextBoundary = _from;
            return;
        }

        OpenWindow(start);
    }

    public void CrossBoundary()
    {
        if (_windowOpen)
            CloseWindow(_to);
        else
            OpenWindow(_from);
    }

    public void OnMark(string name, bool begins, ulong time)
    {
        if (!_byName.TryGetValue(name, out var scope))
        {
            if (!begins)
                return;
            if (_all.Count == MostScopes)
            {
                HasMorePhases = true;
                return;
            }

            scope = new Scope(name, _all.Count, _cpus.Length, _schemeBits);
            _all.Add(scope);
            _byName.Add(name, scope);
        }

        scope.Nesting = Math.Max(0, scope.Nesting + (begins ? 1 : -1));
        if (!_windowOpen)
            return;
        Set(scope, scope.Nesting > 0, time);
        if (string.Equals(name, _selection.Phase, StringComparison.Ordinal))
            Set(Selection, scope.Nesting > 0, time);
    }

    /// <summary>Takes the times of the open scopes up to a moment at which somebody looks, and goes on.</summary>
    public void Settle(ulong time)
    {
        foreach (var scope in _all.Where(static s => s.IsOpen))
        {
            Set(scope, false, time);
            Set(scope, true, time);
        }
    }

    public void Finish(ulong end)
    {
        NextBoundary = ulong.MaxValue;
        foreach (var scope in _all)
            Set(scope, false, end);
    }

    private void OpenWindow(ulong time)
    {
        _windowOpen = true;
        NextBoundary = _to;
        if (_selection.Phase is null)
            Set(Selection, true, time);
        foreach (var scope in _byName.Values)
        {
            Set(scope, scope.Nesting > 0, time);
            if (scope.Nesting > 0 && string.Equals(scope.Name, _selection.Phase, StringComparison.Ordinal))
                Set(Selection, true, time);
        }
    }

    private void CloseWindow(ulong time)
    {
        _windowOpen = false;
        NextBoundary = ulong.MaxValue;
        foreach (var scope in _all)
            Set(scope, false, time);
    }

    private void Set(Scope scope, bool open, ulong time)
    {
        if (scope.IsOpen == open)
            return;
        if (open)
            scope.Open(time, _cpus);
        else
            scope.Close(time, _cpus);
        Open ^= 1UL << scope.Index;
    }

    /// <summary>The scopes of a set of bits.</summary>
    public Enumerator Of(ulong bits) => new(_all, bits);

    internal struct Enumerator(List<Scope> all, ulong bits)
    {
        private ulong _rest = bits;

        public Scope Current { get; private set; } = null!;

        public readonly Enumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_rest == 0)
                return false;
            Current = all[BitOperations.TrailingZeroCount(_rest)];
            _rest &= _rest - 1;
            return true;
        }
    }
}
