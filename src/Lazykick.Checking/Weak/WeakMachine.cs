using Lazykick.Checking.Compilation;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.InFlight;
using Lazykick.Checking.Machines;
using Lazykick.Checking.Memory;
using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Weak;

/// <summary>
/// The machine under <c>tso</c> and <c>arm</c>: steps are issued in program order, accesses to memory take place later,
/// as the ordering rules of <see cref="Ordering"/> allow. Under <c>tso</c> only stores and maintenance do: a step that
/// reads waits until it may read (W2). Under <c>arm</c> it guesses the value at issue, and its read takes place only
/// when it returns that value; until then the CPU takes no step that could not be taken back, and nothing that it does
/// counts.
/// </summary>
internal sealed partial class WeakMachine<T> : Machine<T>
    where T : unmanaged, IPacked<T>
{
    private readonly InFlightMachine<ulong, CpuWindow<T>> _inFlight;

    /// <summary>The same for a state in which a step has just been issued that reads at once; null under
    /// <c>arm</c>.</summary>
    private readonly InFlightMachine<ulong, CpuWindow<T>>? _atOnce;

    /// <summary>By CPU: the state that is being expanded.</summary>
    private readonly CpuWindow<T>[] _windows;

    /// <summary>By CPU: a successor.</summary>
    private readonly CpuWindow<T>[] _after;

    /// <summary>By CPU: the state in which a step has just been issued that reads at once.</summary>
    private readonly CpuWindow<T>[] _issued;
    private readonly Dictionary<Move, WindowedMove<T>> _windowedOf = [];
    private readonly Dictionary<Move, ControlMove<T>> _controlOf = [];
    private readonly List<Move> _moves;
    private readonly MemoryModel _model;
    private readonly RuleSet _rules;
    private readonly Departures _left = new();
    private readonly bool[] _taken;
    private readonly bool _isAlone;
    private readonly DeadEnds _deadEnds;
    private readonly ForeignValues? _foreign;
    private bool _hasCut;

    /// <summary>Makes the machine of a scheme.</summary>
    /// <param name="scheme">The scheme, with windows.</param>
    /// <param name="leftOut">The ordering rule that a test leaves out; 0 for none.</param>
    /// <param name="cutsGuesses">Leave out what hangs on a guess that cannot come true.</param>
    public WeakMachine(CompiledScheme scheme, int leftOut = 0, bool cutsGuesses = false)
        : base(scheme)
    {
        _model = scheme.Memory;
        _rules = new RuleSet(_model) { LeftOut = leftOut };
        _marks = new AccessMarks(scheme);
        _marking = [.. scheme.Properties.Where(p => p.MarksAccesses)];
        _judging = [.. scheme.Properties.Where(p => p.JudgesStates)];
        _withoutGuesses = scheme
            .Properties.Where(p => p.CountsWithoutGuesses)
            .Aggregate(0u, (all, p) => all | 1u << p.Index);
        _isAlone = _model != MemoryModel.Sc && _marking.Length + _judging.Length == 0;
        // Properties that look at all accesses in flight look at guesses, too.
        if (cutsGuesses && _isAlone && _model == MemoryModel.Arm)
            _foreign = new ForeignValues(scheme);
        _moves = [.. scheme.Moves];
        _taken = new bool[_moves.Count];
        _deadEnds = new DeadEnds(scheme.Cpus.Length, CpuWindow<T>.Capacity(scheme.Windows[0].Slots));
        var builder = new WindowedMoveBuilder<T>(scheme, _moves);
        _windows = new CpuWindow<T>[scheme.Cpus.Length];
        _after = new CpuWindow<T>[scheme.Cpus.Length];
        _issued = new CpuWindow<T>[scheme.Cpus.Length];
        for (var cpu = 0; cpu < scheme.Cpus.Length; cpu++)
        {
            var slots = builder.BuildSlots(cpu);
            var (fields, shared) = (scheme.Windows[cpu], builder.SharedBit(cpu));
            _windows[cpu] = new CpuWindow<T>(fields, slots, _rules, shared, _marks, _left);
            _after[cpu] = new CpuWindow<T>(fields, slots, _rules, shared, _marks, _left);
            _issued[cpu] = new CpuWindow<T>(fields, slots, _rules, shared, _marks, _left);
            var local = new Dictionary<Move, WindowedMove<T>>();
            foreach (var slot in slots)
            {
                if (slot.Instance.Kind == InstanceKind.Local)
                    local[slot.Move] = slot;
                else if (slot.Issues.Count > 0)
                    _windowedOf[slot.Move] = slot;
            }

            foreach (var move in scheme.Moves.Where(m => m.Instruction.Cpu == cpu && !_windowedOf.ContainsKey(m)))
                _controlOf[move] = builder.BuildControl(move, local.GetValueOrDefault(move));
        }

        _inFlight = new InFlightMachine<ulong, CpuWindow<T>>(_rules, _windows, _after);
        if (_model != MemoryModel.Arm)
            _atOnce = new InFlightMachine<ulong, CpuWindow<T>>(_rules, _issued, _after);
    }

    public override IReadOnlyList<Move> Moves => _moves;

    public override bool TakesAtOnce => false;

    public override bool WindowWasFull => _windowWasFull;

    public override bool HasCut => _hasCut;

    public override int Expand(in T state, int cpu, ref Successor<T>[] into)
    {
        Span<ulong> words = stackalloc ulong[T.Words];
        state.CopyTo(words);
        _inFlight.Begin(words);
        var sink = new Sink(into, cpu);
        Issue(state, words, cpu, ref sink);
        for (var i = 0; i < _windows[cpu].Count; i++)
            TakeStep(words, cpu, i, ref sink);
        into = sink.Buffer;
        return sink.Count;
    }

    /// <summary>
    /// A window is its CPU's own where all that another CPU can do to it is a <see cref="Notice"/>. Properties that
    /// look at all accesses in flight make all windows, and what they may look at beside them, what CPUs share.
    /// </summary>
    public override HashSet<Field> FieldsOf(int cpu)
    {
        var fields = base.FieldsOf(cpu);
        fields.UnionWith(Scheme.Windows[cpu].All);
        if (_isAlone)
            return fields;
        fields.UnionWith(Scheme.Windows.SelectMany(w => w.All));
        fields.UnionWith(Scheme.Fields.Memory.Concat(Scheme.Fields.Records.Keys));
        fields.UnionWith(Scheme.Fields.Cpus.Select(c => c.InKick));
        return fields;
    }

    /// <summary>
    /// A step with a slot is taken once it leaves the window; one without once no branch before it is open.
    /// </summary>
    public override bool HasTaken(Move move) => move.Id < _taken.Length && _taken[move.Id];

    public override bool InEqs(in T state, int cpu)
    {
        Span<ulong> words = stackalloc ulong[T.Words];
        state.CopyTo(words);
        if (_windows[cpu].IsEmpty(words))
            return base.InEqs(state, cpu);
        _windows[cpu].Overlay(words);
        return base.InEqs(T.From(words), cpu);
    }

    public override bool IsSettled(in T state, int cpu)
    {
        Span<ulong> words = stackalloc ulong[T.Words];
        state.CopyTo(words);
        return _windows[cpu].IsSettled(words);
    }

    /// <summary>
    /// Drops what cannot be completed, takes finished steps out of every window, and hands the state on.
    /// </summary>
    private void Emit(
        Span<ulong> next,
        Move move,
        uint touched,
        uint violations,
        ref Sink sink,
        StepKind kind = StepKind.Other,
        Notice notice = default
    )
    {
        foreach (var property in _marking)
            property.Mark(next, this);
        _left.Clear();
        if (!_inFlight.Retire(next, touched) || IsDeadEnd(next))
            return;
        if (notice.IsNone)
            Take(_left.Moves);
        violations |= _marks.Violations(_left.Marks) | StateViolations(next);
        sink.Add(
            new Successor<T>(T.From(next), move, violations, _withoutGuesses)
            {
                Kind = kind,
                Notice = notice,
                Taken = notice.IsNone ? [] : [.. _left.Moves],
            }
        );
    }

    public override bool HoldsLocation(in T state, int cpu)
    {
        Span<ulong> words = stackalloc ulong[T.Words];
        state.CopyTo(words);
        return _windows[cpu].HoldsLocation(words);
    }

    public override bool IsDeadEnd(in T state)
    {
        Span<ulong> words = stackalloc ulong[T.Words];
        state.CopyTo(words);
        return IsDeadEnd(words);
    }

    private bool IsDeadEnd(ReadOnlySpan<ulong> next)
    {
        var holding = 0;
        foreach (var window in _windows)
            holding += window.HoldsLocation(next) ? 1 : 0;
        if (holding < 2)
            return false;
        for (var cpu = 0; cpu < _windows.Length; cpu++)
            _after[cpu].Describe(next, cpu, _deadEnds);
        return _deadEnds.IsDeadEnd();
    }

    public override bool Receive(in T state, int cpu, Notice notice, out T after)
    {
        Span<ulong> words = stackalloc ulong[T.Words];
        state.CopyTo(words);
        after = state;
        var window = _windows[cpu];
        if (!notice.IsWrite)
            return Window.AdmitsWrite(_rules, window.Fill(words), notice.Location);
        if (_foreign is not null && window.IsRefuted(words, cpu, notice.Location, _foreign))
        {
            _hasCut = true;
            return false;
        }

        window.Fill(words);
        if (!window.Mark(words, notice.Location, out var marked) || (marked && !_inFlight.Retire(words, 1u << cpu)))
            return false;
        after = T.From(words);
        return true;
    }

    public override void Take(IEnumerable<Move> moves)
    {
        foreach (var move in moves)
            _taken[move.Id] = true;
    }

    private struct Sink(Successor<T>[] buffer, int cpu)
    {
        public int Cpu => cpu;

        public Successor<T>[] Buffer { get; private set; } = buffer;

        public int Count { get; private set; }

        public void Add(Successor<T> successor)
        {
            if (Count == Buffer.Length)
            {
                var larger = Buffer;
                Array.Resize(ref larger, Count * 2);
                Buffer = larger;
            }

            Buffer[Count++] = successor;
        }
    }
}
