using Lazykick.Checking.InFlight;
using Lazykick.Checking.Litmus.Assembly;
using Lazykick.Checking.Litmus.Reading;
using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Litmus.Machine;

/// <summary>
/// Successors of a state. A state is an array of numbers laid out by <see cref="LitmusLayout"/>; only steps that
/// another CPU can notice are steps here, everything else (<see cref="LitmusIssue"/>) follows at once.
/// </summary>
internal sealed class LitmusMachine
{
    private readonly LitmusProgram _program;
    private readonly LitmusLayout _layout;
    private readonly ValueTable _values;
    private readonly bool _eager;
    private readonly LitmusText _text;
    private readonly LitmusIssue _issue;
    private readonly ThreadWindow[] _windows;
    private readonly InFlightMachine<int, ThreadWindow> _inFlight;
    private readonly int[] _base;
    private readonly int[] _widths;

    internal LitmusMachine(LitmusProgram program, LitmusLayout layout, ValueTable values, RuleSet rules, bool eager)
    {
        (_program, _layout, _values, _eager) = (program, layout, values, eager);
        _text = new LitmusText(program, layout, values);
        _windows = Windows();
        var after = Windows();
        _inFlight = new InFlightMachine<int, ThreadWindow>(rules, _windows, after);
        _issue = new LitmusIssue(program, layout, rules, _text, after, eager);
        _base = new int[layout.Fields];
        _widths = new int[program.Locations];

        ThreadWindow[] Windows() =>
            [
                .. Enumerable
                    .Range(0, program.Threads)
                    .Select(t => new ThreadWindow(program, layout, values, _text, rules, t)),
            ];
    }

    /// <summary>
    /// What happened in the step to the successor that is being emitted; null when nobody wants to know.
    /// </summary>
    internal List<LitmusEvent>? Log
    {
        get => _issue.Log;
        set => _issue.Log = value;
    }

    /// <summary>The thread whose step leads to the successor that is being emitted.</summary>
    internal int Mover { get; private set; }

    internal void Initial(Action<int[]> emit)
    {
        var state = new int[_layout.Fields];
        for (var location = 0; location < _program.Locations; location++)
            state[_layout.Memory + location] = _values.Number(_program.InitialMemory[location]);
        for (var thread = 0; thread < _program.Threads; thread++)
        {
            state[_layout.Pc(thread)] = _program.Entry[thread];
            for (var register = 0; register < Registers.Count; register++)
            {
                if (_layout.Register(thread, register) is >= 0 and var field)
                    state[field] = _values.Number(_program.InitialRegisters[thread].GetValueOrDefault(register));
            }
        }

        _issue.Close(state, (1u << _program.Threads) - 1, emit);
    }

    /// <summary>All threads have run to their end and nothing is in flight.</summary>
    internal bool IsFinal(ReadOnlySpan<int> state)
    {
        for (var thread = 0; thread < _program.Threads; thread++)
        {
            if (
                state[_layout.Count(thread)] != 0
                || _program.Code[state[_layout.Pc(thread)]].Operation != Operation.Exit
            )
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Emits all successors of a state; a final one has none.</summary>
    internal void Successors(ReadOnlySpan<int> state, Action<int[]> emit)
    {
        if (IsFinal(state))
            return;
        state.CopyTo(_base);
        _inFlight.Begin(_base);
        for (var thread = 0; thread < _program.Threads; thread++)
        {
            Mover = thread;
            for (var index = 0; index < _windows[thread].Count; index++)
                TakeStep(thread, index, emit);
            Fetch(thread, emit);
            if (!_eager)
                _issue.IssueOne(Copy(), thread, emit);
        }
    }

    private int[] Copy()
    {
        Log?.Clear();
        var copy = _issue.Rent();
        _base.CopyTo(copy, 0);
        return copy;
    }

    private void TakeStep(int thread, int index, Action<int[]> emit)
    {
        if (_inFlight.Next(thread, index, out var source) is not { } step)
            return;
        if (step is AccessStep.Read or AccessStep.Write)
            CheckWidth(_windows[thread].InstructionAt(index), _windows[thread].Instances[index].Location);
        var copy = Copy();
        uint touched;
        var wrote = step == AccessStep.Write;
        var taken =
            step == AccessStep.Read
                ? _inFlight.Satisfy(copy, thread, index, source, out touched, out wrote)
                : _inFlight.Perform(copy, thread, index, out touched);
        if (!taken)
        {
            _issue.Return(copy);
            return;
        }

        if (Log is not null)
            Note(Log, copy, thread, index, step, source != Window.FromMemory, wrote);
        _issue.Close(copy, touched, emit);
    }

    private void Note(
        List<LitmusEvent> log,
        int[] next,
        int thread,
        int index,
        AccessStep step,
        bool forwards,
        bool wrote
    )
    {
        var window = _windows[thread];
        var location = window.Instances[index].Location;
        var instruction = window.InstructionAt(index);
        var place = location < 0 ? "?" : _program.LocationName(location);
        if (step == AccessStep.Read)
        {
            var value = Arithmetic.Cut(_values[next[_layout.ValueAt(thread, index)]], instruction.Wide);
            log.Add(new(thread, LitmusEventKind.Read, instruction.Text, place, _program.Show(value), forwards));
        }

        if (wrote)
        {
            var value = _program.Show(_values[next[_layout.Memory + location]]);
            log.Add(new(thread, LitmusEventKind.Write, instruction.Text, place, value, false));
        }

        if (step is AccessStep.Clean or AccessStep.Invalidate)
            log.Add(new(thread, LitmusEventKind.Maintain, instruction.Text, place, "", false));
    }

    // Fetching text that may change is a step of its own: it may return any version from the floor on.
    private void Fetch(int thread, Action<int[]> emit)
    {
        var pc = _base[_layout.Pc(thread)];
        var text = _layout.TextOf[pc];
        if (text < 0 || !_issue.MayIssue(_base, thread))
            return;
        var newest = _layout.Versions.Newest(_base, text);
        for (var version = _layout.Versions.Floor(_base, thread, text); version <= newest; version++)
        {
            var copy = Copy();
            _layout.Versions.Fetch(copy, thread, text, version);
            _issue.Append(copy, thread, pc, version);
            Log?.Add(
                new(
                    thread,
                    LitmusEventKind.Fetch,
                    _text.InstructionAt(copy, pc, version).Text,
                    _program.CodeName(pc),
                    $"{version}",
                    version < newest
                )
            );
            _issue.Close(copy, 1u << thread, emit);
        }
    }

    private void CheckWidth(LitmusInstruction instruction, int location)
    {
        var width = instruction.Wide ? 2 : 1;
        var size = location >= 0 && location < _program.Data.Length ? _program.Locate.ElementSize(location) : 0;
        if (size != 0 && size != 4 * width)
        {
            throw LitmusException.Unsupported(
                instruction.Position,
                $"mixed-size accesses ({_program.LocationName(location)} has {size} bytes)"
            );
        }

        if (location < 0 || (_widths[location] |= width) != 3)
            return;
        throw LitmusException.Unsupported(
            instruction.Position,
            $"mixed-size accesses ({_program.LocationName(location)} is used with 32 and with 64 bits)"
        );
    }
}
