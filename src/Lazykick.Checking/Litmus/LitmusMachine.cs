using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Litmus;

/// <summary>
/// Successors of a state. A state is an array of numbers laid out by <see cref="LitmusLayout"/>; only steps that
/// another
/// CPU can notice are steps here, everything else (<see cref="LitmusIssue"/>) follows at once.
/// </summary>
internal sealed class LitmusMachine
{
    private readonly LitmusProgram _program;
    private readonly LitmusLayout _layout;
    private readonly ValueTable _values;
    private readonly MemoryModel _model;
    private readonly bool _eager;
    private readonly LitmusText _text;
    private readonly LitmusIssue _issue;
    private readonly ThreadWindow[] _windows;
    private readonly int[] _base;
    private readonly int[] _widths;

    internal LitmusMachine(LitmusProgram program, LitmusLayout layout, ValueTable values, MemoryModel model, bool eager)
    {
        (_program, _layout, _values, _model, _eager) = (program, layout, values, model, eager);
        _text = new LitmusText(program, layout, values);
        _windows = new ThreadWindow[program.Threads];
        for (var thread = 0; thread < program.Threads; thread++)
            _windows[thread] = new ThreadWindow(program, layout, values, _text, model, thread);
        _issue = new LitmusIssue(program, layout, model, _text, _windows, eager);
        _base = new int[layout.Fields];
        _widths = new int[program.Locations];
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
        foreach (var window in _windows)
            window.Decode(_base);
        for (var thread = 0; thread < _program.Threads; thread++)
        {
            Mover = thread;
            for (var index = 0; index < _base[_layout.Count(thread)]; index++)
            {
                // Closing a successor decodes other states into the windows.
                if (Step(thread, index, emit))
                    Restore();
            }

            Fetch(thread, emit);
            if (_eager)
                continue;
            _issue.IssueOne(Copy(), thread, emit);
            Restore();
        }
    }

    private void Restore()
    {
        foreach (var window in _windows)
            window.Decode(_base);
    }

    private int[] Copy()
    {
        Log?.Clear();
        var copy = _issue.Rent();
        _base.CopyTo(copy, 0);
        return copy;
    }

    private bool Step(int thread, int index, Action<int[]> emit)
    {
        var window = _windows[thread];
        return Window.Next(_model, window.Instances, index, out var source) switch
        {
            Memory.Step.Read => MayComplete(thread, index) && Read(thread, index, source, emit),
            Memory.Step.Write => Write(Copy(), thread, index, emit, window.DataAt(index).Value),
            Memory.Step.Clean or Memory.Step.Invalidate => Maintain(thread, index, emit),
            _ => false,
        };
    }

    // An atomic does not read while another CPU is within one on the location: neither could write then.
    private bool MayComplete(int thread, int index)
    {
        ref readonly var instance = ref _windows[thread].Instances[index];
        for (var other = 0; instance.Kind == InstanceKind.Rmw && other < _program.Threads; other++)
        {
            if (other != thread && !Window.AdmitsWrite(_windows[other].Instances, instance.Location))
                return false;
        }

        return true;
    }

    private bool Read(int thread, int index, int source, Action<int[]> emit)
    {
        var window = _windows[thread];
        ref readonly var instance = ref window.Instances[index];
        CheckWidth(window.InstructionAt(index), instance.Location);
        var value =
            source == Window.FromMemory
                ? _values[_base[_layout.Memory + instance.Location]]
                : window.DataAt(source).Value;
        var copy = Copy();
        copy[_layout.ValueAt(thread, index)] = _values.Number(value);
        var slot = window.SlotAt(copy, index).With(Progress.Read);
        copy[_layout.SlotAt(thread, index)] = slot.Bits;
        Log?.Add(
            new(
                thread,
                LitmusEventKind.Read,
                window.InstructionAt(index).Text,
                _program.LocationName(instance.Location),
                _program.Show(Arithmetic.Cut(value, window.InstructionAt(index).Wide)),
                source != Window.FromMemory
            )
        );
        if (instance.Kind == InstanceKind.Rmw && Window.AtomicRmw(_model))
        {
            window.Decode(copy);
            if (window.Succeeds(index))
                return Write(copy, thread, index, emit, window.DataAt(index).Value);
            copy[_layout.SlotAt(thread, index)] = slot.With(Progress.Done).Bits;
        }

        _issue.Close(copy, 1u << thread, emit);
        return true;
    }

    private bool Write(int[] copy, int thread, int index, Action<int[]> emit, long value)
    {
        var window = _windows[thread];
        var location = window.Instances[index].Location;
        CheckWidth(window.InstructionAt(index), location);
        var dirty = 1u << thread;
        for (var other = 0; other < _program.Threads; other++)
        {
            if (other == thread)
                continue;
            var before = Overwritten(_windows[other]);
            if (!Window.ForeignWrite(_windows[other].Instances, location))
            {
                _issue.Return(copy);
                return true;
            }

            if (Overwritten(_windows[other]) == before)
                continue;
            _windows[other].KeepMarks(copy);
            dirty |= 1u << other;
        }

        copy[_layout.SlotAt(thread, index)] = window.SlotAt(copy, index).With(Progress.Done).Bits;
        copy[_layout.Memory + location] = _values.Number(value);
        AddVersion(copy, location, value);
        Log?.Add(
            new(
                thread,
                LitmusEventKind.Write,
                window.InstructionAt(index).Text,
                _program.LocationName(location),
                _program.Show(value),
                false
            )
        );
        _issue.Close(copy, dirty, emit);
        return true;
    }

    private static int Overwritten(ThreadWindow window)
    {
        var count = 0;
        foreach (ref readonly var instance in window.Instances)
            count += instance.Overwritten ? 1 : 0;
        return count;
    }

    private int TextAt(int location)
    {
        var code = location - _program.Data.Length;
        return code < 0 ? -1 : _layout.TextOf[_program.CodeLocations[code]];
    }

    private void AddVersion(int[] state, int location, long value)
    {
        var text = TextAt(location);
        if (text < 0)
            return;
        var version = _layout.Versions.Write(state, text);
        if (version < 0)
            throw new VersionLimitException();
        state[_text.VersionValue(text, version)] = _values.Number(value);
    }

    private bool Maintain(int thread, int index, Action<int[]> emit)
    {
        var window = _windows[thread];
        ref readonly var instance = ref window.Instances[index];
        var copy = Copy();
        copy[_layout.SlotAt(thread, index)] = window.SlotAt(copy, index).With(Progress.Done).Bits;
        var text = instance.Location < 0 ? -1 : TextAt(instance.Location);
        if (text >= 0 && instance.Kind == InstanceKind.Clean)
            _layout.Versions.Clean(copy, text);
        else if (text >= 0)
            _layout.Versions.Invalidate(copy, text);
        Log?.Add(
            new(
                thread,
                LitmusEventKind.Maintain,
                window.InstructionAt(index).Text,
                instance.Location < 0 ? "?" : _program.LocationName(instance.Location),
                "",
                false
            )
        );
        _issue.Close(copy, 1u << thread, emit);
        return true;
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
            Restore();
        }
    }

    private void CheckWidth(Instruction instruction, int location)
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
