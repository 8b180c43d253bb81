using Lazykick.Checking.Litmus.Assembly;
using Lazykick.Checking.Litmus.Reading;
using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Litmus.Machine;

/// <summary>
/// How values flow through the instructions that a thread has in flight: registers, addresses and data, each with how
/// far it is known.
/// </summary>
internal sealed class ValueFlow(LitmusProgram program, LitmusText text, int size)
{
    private readonly LitmusProgram _program = program;
    private readonly LitmusText _text = text;
    private readonly Known[] _registers = new Known[Registers.Count];
    private readonly LitmusInstruction[] _instructions = new LitmusInstruction[size];
    private readonly Known[] _addresses = new Known[size];
    private readonly Known[] _data = new Known[size];
    private readonly bool[] _fails = new bool[size];

    /// <summary>Something that was guessed turned out wrong; no execution of this state exists.</summary>
    internal bool IsVoid { get; private set; }

    internal LitmusInstruction InstructionAt(int index) => _instructions[index];

    /// <summary>The value that a store or atomic writes, or the outcome of a branch.</summary>
    internal Known DataAt(int index) => _data[index];

    internal Known AddressAt(int index) => _addresses[index];

    /// <summary>An atomic that has read will write: all but a compare-and-swap that found something else.</summary>
    internal bool WillWrite(int index) => !_fails[index];

    /// <summary>Registers as the next instruction to be issued sees them.</summary>
    internal Known Register(int register) => _registers[register];

    /// <summary>Begins with registers as they are before the oldest instruction.</summary>
    internal Span<Known> Begin()
    {
        IsVoid = false;
        return _registers;
    }

    private Known Read(Operand operand) =>
        operand.IsRegister ? _registers[operand.Register] : Known.Final(operand.Number);

    private void Write(int register, Known value)
    {
        if (register != Registers.None)
            _registers[register] = value;
    }

    /// <summary>Carries out an instruction as far as the values that it needs are known.</summary>
    /// <param name="instruction">The instruction.</param>
    /// <param name="slot">What a state keeps of it.</param>
    /// <param name="returned">The value that its read has returned.</param>
    /// <param name="window">The instances up to its own.</param>
    /// <param name="instance">Its own; gets kind, location, and how far address and data are known.</param>
    internal void Execute(
        LitmusInstruction instruction,
        Slot slot,
        long returned,
        ReadOnlySpan<Instance> window,
        ref Instance instance
    )
    {
        var index = window.Length - 1;
        _instructions[index] = instruction;
        _fails[index] = false;
        if (instruction.UsesAddress)
        {
            ExecuteAccess(instruction, slot, returned, window, ref instance);
            return;
        }

        switch (instruction.Operation)
        {
            case Operation.Fence:
                instance.Kind = InstanceKind.Fence;
                break;
            case Operation.Synchronise or Operation.Undefined or Operation.Unknown:
            case Operation.SupervisorCall when _text.EntrySynchronises:
            case Operation.ExceptionReturn when _text.ReturnSynchronises:
                instance.Kind = InstanceKind.ContextSync;
                break;
            case Operation.BranchIf or Operation.BranchIfZero or Operation.BranchIfNotZero or Operation.BranchRegister:
                ExecuteBranch(index, slot, instruction, ref instance);
                break;
            case Operation.Select:
                ExecuteSelect(index, slot, instruction, ref instance);
                break;
            case Operation.Move:
                instance.Data = SetResult(instruction, Read(instruction.Left));
                break;
            case >= Operation.Add and <= Operation.MoveKeep:
                ExecuteArithmetic(instruction, ref instance);
                break;
        }

        if (
            instruction.Destination == Registers.Link
            && instruction.Operation is Operation.Branch or Operation.BranchRegister
            && instruction.Destination != Registers.None
        )
        {
            Write(Registers.Link, Known.Final(CodeAddress.Of(slot.Code + 1)));
        }
        else if (instruction.Operation is Operation.SupervisorCall or Operation.Undefined)
        {
            Write(
                Registers.ExceptionLink,
                Known.Final(CodeAddress.Of(slot.Code + (instruction.Operation == Operation.SupervisorCall ? 1 : 0)))
            );
        }
    }

    private Knowledge SetResult(LitmusInstruction instruction, Known value)
    {
        Write(instruction.Destination, value with { Value = Arithmetic.Cut(value.Value, instruction.Wide) });
        return value.Level;
    }

    private void ExecuteArithmetic(LitmusInstruction instruction, ref Instance instance)
    {
        var left = Read(instruction.Left);
        var right = Read(instruction.Right);
        var widened = Arithmetic.Widen(right.Value, instruction.Extension);
        var shifted = Arithmetic.Shift(widened, instruction.ShiftKind, instruction.Shift, instruction.Wide);
        var level = left.Level < right.Level ? left.Level : right.Level;
        var result =
            instruction.Operation == Operation.MoveKeep
                ? (left.Value & ~(0xFFFFL << instruction.Shift)) | shifted
                : Arithmetic.Compute(instruction.Operation, left.Value, shifted);
        instance.Data = SetResult(instruction, new(level, result));
        if (instruction.SetsFlags)
        {
            Write(
                Registers.Flags,
                new(level, Arithmetic.Flags(instruction.Operation, left.Value, shifted, instruction.Wide))
            );
        }
    }

    private void ExecuteBranch(int index, Slot slot, LitmusInstruction instruction, ref Instance instance)
    {
        instance.Kind = InstanceKind.Branch;
        var outcome = BranchOutcome(instruction);
        _data[index] = outcome;
        instance.Data = outcome.Level;
        if (!outcome.IsKnown || slot.Choice is Slot.Unchosen or Slot.Settled)
            return;
        if (instruction.Operation != Operation.BranchRegister)
        {
            IsVoid |= slot.Choice != (outcome.Value != 0 ? 1 : 2);
            return;
        }

        var target = Array.IndexOf(_program.JumpTargets, _program.CodeIndex(outcome.Value));
        IsVoid |= slot.Choice == Slot.Wild ? target >= 0 : target != slot.Choice - Slot.FirstTarget;
    }

    private Known BranchOutcome(LitmusInstruction instruction)
    {
        if (instruction.Operation == Operation.BranchIf)
        {
            var flags = _registers[Registers.Flags];
            return flags with { Value = Arithmetic.Holds(instruction.Comparison, flags.Value) ? 1 : 0 };
        }

        var value = Read(instruction.Left);
        if (instruction.Operation == Operation.BranchRegister)
            return value;
        var zero =
            instruction.TestedBit >= 0
                ? (value.Value >> instruction.TestedBit & 1) == 0
                : Arithmetic.Cut(value.Value, instruction.Wide) == 0;
        return value with { Value = zero == (instruction.Operation == Operation.BranchIfZero) ? 1 : 0 };
    }

    private void ExecuteSelect(int index, Slot slot, LitmusInstruction instruction, ref Instance instance)
    {
        var flags = _registers[Registers.Flags];
        _data[index] = flags;
        instance.Data = flags.Level;
        var taken = flags.IsKnown ? Arithmetic.Holds(instruction.Comparison, flags.Value) : slot.Choice == 1;
        var guessed = slot.Choice is 1 or 2;
        if (flags.IsKnown && guessed)
            IsVoid |= taken != (slot.Choice == 1);
        var operand = Read(taken ? instruction.Left : instruction.Right);
        var value = operand with { Value = operand.Value + (taken ? 0 : instruction.Increment) };
        var level =
            flags.IsKnown ? flags.Level
            : guessed ? Knowledge.Speculative
            : Knowledge.Unknown;
        SetResult(instruction, value.Cap(level));
        if (value.Level < instance.Data)
            instance.Data = value.Level;
    }

    private void ExecuteAccess(
        LitmusInstruction instruction,
        Slot slot,
        long returned,
        ReadOnlySpan<Instance> window,
        ref Instance instance
    )
    {
        var index = window.Length - 1;
        var origin = Read(instruction.Base);
        var offset = Read(instruction.Index);
        var address = new Known(
            origin.Level < offset.Level ? origin.Level : offset.Level,
            origin.Value + (Arithmetic.Widen(offset.Value, instruction.Extension) << instruction.Shift)
        );
        // Post-index forms have no index; pre-index forms write back what they use.
        _addresses[index] = address;
        instance.Address = address.Level;
        if (address.IsKnown)
            instance.Location = (short)_program.Location(address.Value);
        instance.Kind = instruction.Operation switch
        {
            Operation.Load => InstanceKind.Load,
            Operation.Store => InstanceKind.Store,
            Operation.StoreExclusive => slot.Choice == 1 ? InstanceKind.Store : InstanceKind.Local,
            Operation.Clean => InstanceKind.Clean,
            Operation.Invalidate => InstanceKind.Invalidate,
            _ => InstanceKind.Rmw,
        };
        var read =
            slot.Progress == Progress.Waiting
                ? Known.Unknown
                : Known.Final(returned).Cap(Window.SourceKnowledge(window, index)).Cap(address.Level);
        switch (instruction.Operation)
        {
            case Operation.Load:
                SetResult(instruction, read);
                if (instance.HasRead)
                    instance.Data = read.Level;
                break;
            case Operation.Store:
                _data[index] = Stored(instruction, Read(instruction.Left));
                instance.Data = _data[index].Level;
                break;
            case Operation.StoreExclusive:
                _data[index] = Stored(instruction, Read(instruction.Left));
                instance.Data = slot.Choice == 2 ? Knowledge.Final : _data[index].Level;
                Write(instruction.Destination, Known.Final(slot.Choice == 1 ? 0 : 1));
                IsVoid |= slot.Choice == 1 && slot.Progress != Progress.Done && !PairMaySucceed(window);
                break;
            case Operation.CompareSwap:
                ExecuteCompareSwap(index, slot, instruction, read, ref instance);
                break;
            case >= Operation.AtomicSwap and < Operation.CompareSwap:
                ExecuteAtomic(index, instruction, read, ref instance);
                break;
        }

        if (instruction.WriteBack != 0)
            Write(instruction.Base.Register, origin with { Value = origin.Value + instruction.WriteBack });
    }

    private static Known Stored(LitmusInstruction instruction, Known value) =>
        value with
        {
            Value = Arithmetic.Cut(value.Value, instruction.Wide),
        };

    private void ExecuteAtomic(int index, LitmusInstruction instruction, Known read, ref Instance instance)
    {
        var operand = Read(instruction.Left);
        var level =
            instruction.Operation == Operation.AtomicSwap || operand.Level < read.Level ? operand.Level : read.Level;
        var written = new Known(level, Arithmetic.Compute(instruction.Operation, read.Value, operand.Value));
        _data[index] = Stored(instruction, written);
        instance.Data = level;
        SetResult(instruction, read);
        if (instruction.SetsFlags)
        {
            var operation = instruction.Operation == Operation.AtomicSubtract ? Operation.Subtract : Operation.Add;
            Write(
                Registers.Flags,
                new(level, Arithmetic.Flags(operation, read.Value, operand.Value, instruction.Wide))
            );
        }
    }

    // Choice 1: guessed to succeed, 2: guessed to fail, settled: no guess (in-order models).
    private void ExecuteCompareSwap(
        int index,
        Slot slot,
        LitmusInstruction instruction,
        Known read,
        ref Instance instance
    )
    {
        var compared = Stored(instruction, Read(instruction.Left));
        var written = Stored(instruction, Read(instruction.Right));
        var decided = read.IsKnown && compared.IsKnown;
        var equal = decided && Arithmetic.Cut(read.Value, instruction.Wide) == compared.Value;
        _fails[index] = decided && !equal;
        if (decided && slot.Choice is 1 or 2)
            IsVoid |= equal != (slot.Choice == 1);
        if (slot.Choice == 2)
        {
            instance.Kind = InstanceKind.Load;
            SetResult(instruction, read);
            if (instruction.SetsFlags)
                Write(Registers.Flags, new(decided ? Knowledge.Final : Knowledge.Unknown, 0));
            return;
        }

        var level = decided
            ? compared.Level < read.Level
                ? compared.Level
                : read.Level
            : slot.Choice == 1
                ? Knowledge.Speculative
                : Knowledge.Unknown;
        _data[index] = written.Cap(level);
        instance.Data = _data[index].Level;
        // The result is what memory held; before the read, a guessed success says what that will be.
        SetResult(instruction, read.IsKnown ? read : compared.Cap(level));
        if (instruction.SetsFlags)
            Write(Registers.Flags, new(level, equal || slot.Choice == 1 ? 4 : 0));
    }

    private bool PairMaySucceed(ReadOnlySpan<Instance> window)
    {
        var store = window.Length - 1;
        for (var i = store - 1; i >= 0; i--)
        {
            if ((window[i].Flags & OrderFlags.Exclusive) == OrderFlags.None)
                continue;
            ref readonly var load = ref window[i];
            var elsewhere =
                load.Location >= 0 && window[store].Location >= 0 && load.Location != window[store].Location;
            if (
                elsewhere
                && load.Kind == InstanceKind.Load
                && load.Address == Knowledge.Final
                && window[store].Address == Knowledge.Final
            )
            {
                throw LitmusException.Unsupported(
                    _instructions[store].Position,
                    "a store-exclusive to another location than its load-exclusive (constrained unpredictable)"
                );
            }

            return load.Kind == InstanceKind.Load && !load.Overwritten && !elsewhere;
        }

        return false;
    }
}
