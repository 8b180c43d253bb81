using Lazykick.Checking.Litmus.Assembly;
using Lazykick.Checking.Litmus.Reading;
using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Litmus.Machine;

/// <summary>
/// What follows at once from a step: finished instances leave, context synchronisation happens as soon as it may, and
/// instructions are issued as far as possible. Where an outcome is not known yet, each guess becomes a state.
/// </summary>
internal sealed class LitmusIssue(
    LitmusProgram program,
    LitmusLayout layout,
    RuleSet rules,
    LitmusText text,
    ThreadWindow[] windows,
    bool eager
)
{
    private const int Stable = 0,
        Void = -1,
        Settled = -2;
    private const int MaxLocalSteps = 5000;
    private readonly Stack<int[]> _pool = new();

    /// <summary>What happened since the log was last emptied; null when nobody wants to know.</summary>
    internal List<LitmusEvent>? Log { get; set; }

    internal int[] Rent() => _pool.TryPop(out var state) ? state : new int[layout.Fields];

    internal void Return(int[] state) => _pool.Push(state);

    /// <summary>Emits the states that a state becomes; takes the array over.</summary>
    /// <param name="state">The state after a step.</param>
    /// <param name="dirty">The threads that the step changed, a bit each.</param>
    /// <param name="emit">Called with each state; the array is only valid during the call.</param>
    internal void Close(int[] state, uint dirty, Action<int[]> emit) =>
        Close(state, dirty, eager ? int.MaxValue : 0, emit);

    /// <summary>Without the reduction: one thread issues one instruction, or decides one that it has issued.</summary>
    internal void IssueOne(int[] state, int thread, Action<int[]> emit) => Close(state, 1u << thread, 1, emit);

    private void Close(int[] state, uint dirty, int budget, Action<int[]> emit)
    {
        for (var thread = 0; thread < program.Threads; thread++)
        {
            if ((dirty & (1u << thread)) == 0)
                continue;
            var guesses = Advance(state, thread, ref budget);
            if (guesses == Void)
            {
                Return(state);
                return;
            }

            if (guesses == Stable)
            {
                dirty &= ~(1u << thread);
                continue;
            }

            Guess(state, thread, guesses, dirty, budget, emit);
            return;
        }

        emit(state);
        Return(state);
    }

    private void Guess(int[] state, int thread, int guesses, uint dirty, int budget, Action<int[]> emit)
    {
        var logged = Log?.Count ?? 0;
        var instruction = windows[thread].InstructionAt(state[layout.Count(thread)] - 1);
        for (var choice = 1; choice <= guesses; choice++)
        {
            Log?.RemoveRange(logged, Log.Count - logged);
            var copy = Rent();
            state.CopyTo(copy, 0);
            if (instruction.Operation == Operation.BranchRegister)
            {
                var wild = choice == guesses;
                Choose(
                    copy,
                    thread,
                    wild ? Slot.Wild : Slot.FirstTarget + choice - 1,
                    wild ? copy[layout.Pc(thread)] : program.JumpTargets[choice - 1]
                );
            }
            else
            {
                Choose(
                    copy,
                    thread,
                    choice,
                    choice == 1 && instruction.IsConditionalBranch ? instruction.Target : copy[layout.Pc(thread)]
                );
            }

            Close(copy, dirty, budget, emit);
        }

        Return(state);
    }

    private void Choose(int[] state, int thread, int choice, int pc)
    {
        var field = layout.SlotAt(thread, state[layout.Count(thread)] - 1);
        state[field] = new Slot(state[field]).WithChoice(choice).Bits;
        state[layout.Pc(thread)] = pc;
    }

    /// <summary>Whether the next instruction can enter the window.</summary>
    internal bool MayIssue(ReadOnlySpan<int> state, int thread)
    {
        var count = state[layout.Count(thread)];
        if (count == layout.WindowOf(thread))
            return false;
        if (count == 0)
            return true;
        var youngest = windows[thread].SlotAt(state, count - 1);
        return youngest.Choice is not (Slot.Unchosen or Slot.Wild);
    }

    internal void Append(int[] state, int thread, int code, int version)
    {
        ref var count = ref state[layout.Count(thread)];
        state[layout.SlotAt(thread, count)] = Slot.Issue(code, version).Bits;
        state[layout.ValueAt(thread, count)] = 0;
        count++;
        state[layout.Pc(thread)] = code + 1;
    }

    // The number of guesses to make, Stable or Void.
    private int Advance(int[] state, int thread, ref int budget)
    {
        var window = windows[thread];
        for (var round = 0; ; round++)
        {
            if (round > MaxLocalSteps)
            {
                throw new LitmusLimitException(
                    $"P{thread} ran {MaxLocalSteps} instructions without an access to memory; does it loop for ever?"
                );
            }

            if (!window.Retire(state))
                return Void;
            var count = state[layout.Count(thread)];
            if (budget > 0 && count > 0 && window.SlotAt(state, count - 1).Choice == Slot.Unchosen)
            {
                var guesses = Settle(state, thread, count - 1);
                if (guesses != Stable)
                    budget--;
                if (guesses == Settled)
                    continue;
                return guesses;
            }

            var pc = state[layout.Pc(thread)];
            if (
                budget == 0
                || !MayIssue(state, thread)
                || layout.TextOf[pc] >= 0
                || program.Code[pc].Operation == Operation.Exit
            )
            {
                RejectWildAccess(window);
                return Stable;
            }

            Append(state, thread, pc, 0);
            budget--;
        }
    }

    // Only the oldest instruction is certain to be executed.
    private void RejectWildAccess(ThreadWindow window)
    {
        if (window.Count == 0 || !window.InstructionAt(0).UsesAddress)
            return;
        ref var oldest = ref window.Instances[0];
        if (oldest.Kind != InstanceKind.Local && oldest.Address == Knowledge.Final && oldest.Location < 0)
        {
            var instruction = window.InstructionAt(0);
            if (program.Locate.Around(window.AddressAt(0).Value) is { } around)
            {
                throw LitmusException.Unsupported(
                    instruction.Position,
                    $"'{instruction.Text}' accesses a part of {around} (mixed-size accesses)"
                );
            }

            throw LitmusException.Unsupported(
                instruction.Position,
                $"'{instruction.Text}' uses address {window.AddressAt(0).Value:x}, which is no location of the test (a "
                    + "fault)"
            );
        }
    }

    // The youngest instruction decides where the next one comes from.
    private int Settle(int[] state, int thread, int index)
    {
        var window = windows[thread];
        var instruction = window.InstructionAt(index);
        var next = state[layout.Pc(thread)];
        var outOfOrder = rules.Model == MemoryModel.Arm;
        switch (instruction.Operation)
        {
            case Operation.Branch:
                next = instruction.Target;
                break;
            case Operation.BranchIf or Operation.BranchIfZero or Operation.BranchIfNotZero:
                if (!window.DataAt(index).IsKnown)
                    return outOfOrder ? 2 : Stable;
                next = window.DataAt(index).Value != 0 ? instruction.Target : next;
                break;
            case Operation.BranchRegister:
                return SettleJump(state, thread, index, instruction, outOfOrder);
            case Operation.StoreExclusive when instruction.IsRetried:
                return 1;
            case Operation.Select when outOfOrder && !window.DataAt(index).IsKnown:
            case Operation.StoreExclusive:
            case Operation.CompareSwap when outOfOrder:
                return 2;
            case Operation.ExceptionReturn when !window.Register(Registers.ExceptionLink).IsKnown:
                return Stable;
        }

        if (window.Instances[index].Kind == InstanceKind.ContextSync && !Synchronise(state, thread, index, instruction))
            return Stable;
        next = instruction.Operation switch
        {
            Operation.ExceptionReturn => ReturnTarget(thread, instruction),
            Operation.SupervisorCall or Operation.Undefined => Vector(state, thread, index),
            _ => next,
        };
        Choose(state, thread, Slot.Settled, next);
        return Settled;
    }

    private int SettleJump(int[] state, int thread, int index, LitmusInstruction instruction, bool outOfOrder)
    {
        var outcome = windows[thread].DataAt(index);
        if (!outcome.IsKnown)
        {
            if (program.JumpTargets.Length > Slot.MaxTargets)
            {
                throw LitmusException.Unsupported(
                    instruction.Position,
                    $"more than {Slot.MaxTargets} targets of indirect branches"
                );
            }

            return outOfOrder ? program.JumpTargets.Length + 1 : Stable;
        }

        var target = program.CodeIndex(outcome.Value);
        Choose(state, thread, target < 0 ? Slot.Wild : Slot.Settled, target < 0 ? state[layout.Pc(thread)] : target);
        return Settled;
    }

    private bool Synchronise(int[] state, int thread, int index, LitmusInstruction instruction)
    {
        if (
            instruction.Operation == Operation.Unknown
            || !Window.CanSynchronise(rules, windows[thread].Instances, index)
        )
        {
            if (instruction.Operation == Operation.Unknown && index == 0)
            {
                throw LitmusException.Unsupported(
                    program.Test.Columns[0].Position,
                    $"P{thread} runs {instruction.Text}"
                );
            }

            return false;
        }

        var field = layout.SlotAt(thread, index);
        state[field] = new Slot(state[field]).With(Progress.Done).Bits;
        layout.Versions.Synchronise(state, thread);
        Log?.Add(new(thread, LitmusEventKind.Synchronise, instruction.Text, "", "", false));
        return true;
    }

    private int ReturnTarget(int thread, LitmusInstruction instruction)
    {
        var target = program.CodeIndex(windows[thread].Register(Registers.ExceptionLink).Value);
        return target >= 0
            ? target
            : throw LitmusException.Unsupported(
                instruction.Position,
                "an exception return to an address that is no code"
            );
    }

    // Where an exception goes: the handler; without one the thread ends.
    private int Vector(int[] state, int thread, int index)
    {
        var code = windows[thread].SlotAt(state, index).Code;
        if (text.FaultsSkip)
            return code + 1;
        if (program.Handler[thread] >= 0 && !text.FaultsEnd)
            return program.Handler[thread];
        while (program.Code[code].Operation != Operation.Exit)
            code++;
        return code;
    }
}
