using Lazykick.Checking.InFlight;
using Lazykick.Checking.Litmus.Assembly;
using Lazykick.Checking.Litmus.Reading;
using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Litmus.Machine;

/// <summary>The instructions that a thread has in flight: an entry each, which is one instance.</summary>
internal sealed class ThreadWindow : InFlightWindow<int>
{
    private readonly LitmusProgram _program;
    private readonly LitmusLayout _layout;
    private readonly ValueTable _values;
    private readonly LitmusText _text;
    private readonly ValueFlow _flow;
    private readonly RuleSet _rules;
    private readonly int _thread;
    private readonly Known[] _initial = new Known[Registers.Count];

    internal ThreadWindow(
        LitmusProgram program,
        LitmusLayout layout,
        ValueTable values,
        LitmusText text,
        RuleSet rules,
        int thread
    )
        : base(rules, layout.WindowOf(thread), layout.WindowOf(thread) + 1)
    {
        (_program, _layout, _values, _text, _rules, _thread) = (program, layout, values, text, rules, thread);
        _flow = new ValueFlow(program, text, layout.WindowOf(thread));
        Array.Fill(_initial, Known.Final(0));
        foreach (var (register, value) in program.InitialRegisters[thread])
            _initial[register] = Known.Final(value);
    }

    internal LitmusInstruction InstructionAt(int index) => _flow.InstructionAt(index);

    /// <summary>The value that a store or atomic writes, or the outcome of a branch.</summary>
    internal Known DataAt(int index) => _flow.DataAt(index);

    internal Known AddressAt(int index) => _flow.AddressAt(index);

    /// <summary>Registers as the next instruction to be issued sees them.</summary>
    internal Known Register(int register) => _flow.Register(register);

    internal Slot SlotAt(ReadOnlySpan<int> state, int index) => new(state[_layout.SlotAt(_thread, index)]);

    public override bool Holds(ReadOnlySpan<int> state, int entry) => entry < state[_layout.Count(_thread)];

    protected override void BeginFill(ReadOnlySpan<int> state)
    {
        var registers = _flow.Begin();
        for (var register = 0; register < Registers.Count; register++)
        {
            var field = _layout.Register(_thread, register);
            registers[register] = field < 0 ? _initial[register] : Known.Final(_values[state[field]]);
        }
    }

    protected override void Describe(ReadOnlySpan<int> state, int entry)
    {
        var slot = SlotAt(state, entry);
        var instruction = _text.InstructionAt(state, slot.Code, slot.Version);
        ref var instance = ref Add(
            entry,
            new Instance
            {
                Flags = instruction.Flags,
                Fence = instruction.Fence,
                Progress = slot.Progress,
                Overwritten = slot.Overwritten,
                Location = Instance.UnknownLocation,
                Address = Knowledge.Final,
                Data = Knowledge.Final,
            }
        );
        var returned = slot.Progress == Progress.Waiting ? 0 : _values[state[_layout.ValueAt(_thread, entry)]];
        _flow.Execute(instruction, slot, returned, Instances, ref instance);
    }

    public override void SetProgress(Span<int> state, int entry, Progress progress)
    {
        ref var slot = ref state[_layout.SlotAt(_thread, entry)];
        slot = new Slot(slot).With(progress).Bits;
    }

    protected override void SetOverwritten(Span<int> state, int entry, bool overwritten)
    {
        ref var slot = ref state[_layout.SlotAt(_thread, entry)];
        slot = new Slot(slot).WithOverwritten(overwritten).Bits;
    }

    public override bool TakeValue(Span<int> state, int instance, int source)
    {
        var value =
            source == Window.FromMemory
                ? state[_layout.Memory + Instances[instance].Location]
                : _values.Number(DataAt(source).Value);
        state[_layout.ValueAt(_thread, instance)] = value;
        return true;
    }

    public override bool WillWrite(int instance) => _flow.WillWrite(instance);

    public override void TakeEffect(Span<int> state, int instance)
    {
        var location = Instances[instance].Location;
        var text = location < 0 ? -1 : _text.At(location);
        switch (Instances[instance].Kind)
        {
            case InstanceKind.Clean:
                if (text >= 0)
                    _layout.Versions.Clean(state, text);
                break;
            case InstanceKind.Invalidate:
                if (text >= 0)
                    _layout.Versions.Invalidate(state, text);
                break;
            default:
                var number = _values.Number(DataAt(instance).Value);
                state[_layout.Memory + location] = number;
                if (text >= 0)
                    _text.AddVersion(state, text, number);
                break;
        }
    }

    protected override bool Follow(Span<int> state) => !_flow.IsVoid && !IsVoidedByAddress(state);

    private bool IsVoidedByAddress(Span<int> state)
    {
        for (var i = 0; i < Count; i++)
        {
            ref var slot = ref state[_layout.SlotAt(_thread, i)];
            if (new Slot(slot).AddressSeen || Instances[i].Location < 0)
                continue;
            slot = new Slot(slot).WithAddressSeen().Bits;
            if (Window.AddressVoids(_rules, Instances, i))
                return true;
        }

        return false;
    }

    // A load-exclusive stays until its pair is decided, so that the window alone says whether the pair can succeed.
    protected override bool MayLeave(ReadOnlySpan<int> state, int index)
    {
        if (SlotAt(state, index).Choice == Slot.Unchosen)
            return false;
        if (
            Instances[index].Kind != InstanceKind.Load
            || (Instances[index].Flags & OrderFlags.Exclusive) == OrderFlags.None
        )
        {
            return true;
        }

        for (var i = index + 1; i < Count; i++)
        {
            if ((Instances[i].Flags & OrderFlags.Exclusive) != OrderFlags.None)
            {
                return SlotAt(state, i).Choice != Slot.Unchosen
                    && (Instances[i].Kind != InstanceKind.Store || Instances[i].Progress == Progress.Done);
            }
        }

        return _program.Code[state[_layout.Pc(_thread)]].Operation == Operation.Exit;
    }

    /// <summary>Takes the oldest entries out; registers get what they leave there.</summary>
    protected override void Leave(Span<int> state, int entries)
    {
        if (entries == 0)
            return;
        for (var entry = 0; entry < entries; entry++)
            Leave(state, entry, SlotAt(state, entry));
        FillOldest(state, entries);
        for (var register = 0; register < Registers.Count; register++)
        {
            if (_layout.Register(_thread, register) is >= 0 and var field)
                state[field] = _values.Number(Register(register).Value);
        }

        var slots = state.Slice(_layout.SlotAt(_thread, 0), 2 * _layout.WindowOf(_thread));
        ref var count = ref state[_layout.Count(_thread)];
        slots[(2 * entries)..].CopyTo(slots);
        slots[(2 * (count - entries))..].Clear();
        count -= entries;
        Fill(state);
    }

    private void Leave(Span<int> state, int entry, Slot slot)
    {
        var instruction = InstructionAt(entry);
        if (instruction.Operation is Operation.SupervisorCall or Operation.Undefined)
            state[_layout.Faults] |= _program.Outcome.FaultBits(_thread, slot.Code, instruction.Operation);
        if (slot.Choice != Slot.Wild)
            return;
        // A branch whose target was none of the known ones: now that it is settled, go there.
        var target = _program.CodeIndex(DataAt(entry).Value);
        if (target < 0)
        {
            throw LitmusException.Unsupported(
                instruction.Position,
                $"'{instruction.Text}' jumps to an address that is no code"
            );
        }

        state[_layout.Pc(_thread)] = target;
    }
}
