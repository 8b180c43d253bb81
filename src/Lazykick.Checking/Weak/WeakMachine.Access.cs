using Lazykick.Checking.Machines;
using Lazykick.Checking.Memory;
using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Weak;

/// <summary>How accesses take place.</summary>
internal sealed partial class WeakMachine<T>
{
    private void TakeStep(ReadOnlySpan<ulong> words, int cpu, int instance, ref Sink sink)
    {
        if (_inFlight.Next(cpu, instance, out var source) is not { } step)
            return;
        var window = _windows[cpu];
        var kind =
            window.EntryOf(instance) == window.EntryOf(window.Count - 1) ? StepKind.YoungestAccess : StepKind.Access;
        var move = window.MoveAt(words, window.EntryOf(instance))!;
        Span<ulong> next = stackalloc ulong[T.Words];
        words.CopyTo(next);
        if (step != AccessStep.Read)
        {
            if (_inFlight.Perform(next, cpu, instance, out var touched))
            {
                var violated = AtWrite(next, cpu, window, move);
                Emit(next, move.WriteMove, touched, violated, ref sink, kind, NoticeOf(move, isWrite: true));
            }
        }
        else if (_inFlight.Satisfy(next, cpu, instance, source, out var touched, out var wrote))
        {
            if (wrote)
                throw new InvalidOperationException("an atomic that writes when it reads does so at issue");
            Emit(next, move.ReadMove, touched, 0, ref sink, kind, NoticeOf(move, isWrite: false));
        }
    }

    /// <summary>What a write that has just become visible violates.</summary>
    private uint AtWrite(Span<ulong> next, int cpu, CpuWindow<T> window, WindowedMove<T> move)
    {
        // What was drained may yet be taken back, and then nothing was lost.
        var isMarked =
            window.Violated != 0
            && move.Access.Variable is { } variable
            && MarkDrain(next, cpu, variable, window.Violated);
        return isMarked ? 0 : window.Violated;
    }

    /// <summary>
    /// What other CPUs get to know; under <c>tso</c> neither half of an atomic nor a write leaves a mark.
    /// </summary>
    private Notice NoticeOf(WindowedMove<T> move, bool isWrite) =>
        _isAlone
        && _model == MemoryModel.Arm
        && move.Access.Variable is not null
        && (isWrite || move.Instance.Kind == InstanceKind.Rmw)
            ? new Notice(move.Instance.Location, isWrite)
            : default;

    private bool MarkDrain(Span<ulong> next, int writer, Field variable, uint violated)
    {
        for (var cpu = 0; cpu < _windows.Length; cpu++)
        {
            if (cpu != writer && _windows[cpu].MarkDrain(next, variable, _marks.Of(violated)))
                return true;
        }

        return false;
    }
}
