using Lazykick.Traces.Formats;

namespace Lazykick.Traces.Events;

/// <summary>Reads the entries and ends of interrupts.</summary>
internal sealed class InterruptScanner(
    EventPlan plan,
    RecordWriter records,
    InterruptNesting nesting,
    IrqClassifier irqs,
    EntryCauseFinder causes,
    Lookahead lookahead
)
{
    /// <param name="kind">The event's kind.</param>
    /// <param name="e">The event.</param>
    /// <param name="time">Its time.</param>
    /// <param name="tickKeptBy">What kept the tick going when it was last asked, + 1.</param>
    public void Accept(EventKind kind, in TraceEvent e, ulong time, int tickKeptBy)
    {
        switch (kind)
        {
            case EventKind.IrqEntry when irqs.ClassOf(e) == IrqClass.Ipi:
                lookahead.HoldEnvelope(time, e.Pid, PreemptionOf(e));
                break;
            case EventKind.IrqEntry:
            case EventKind.IpiEntry:
            case >= EventKind.FunctionManyEntry and <= EventKind.OtherVectorEntry:
                var form = kind switch
                {
                    EventKind.FunctionManyEntry => VectorForm.Many,
                    EventKind.FunctionSingleEntry => VectorForm.Single,
                    _ => VectorForm.Any,
                };
                nesting.Enter(causes.Of(kind, e)!.Value, form, time, e.Pid, PreemptionOf(e), tickKeptBy);
                if (kind == EventKind.IrqEntry)
                    records.Last.C = 1 + (uint)plan.IrqNumber.ReadUInt64(e.Payload);
                break;
            case EventKind.IrqExit:
                if (nesting.EndHandler())
                    lookahead.HoldInterruptEnd(time);
                break;
            case EventKind.IpiExit:
            case EventKind.VectorExit:
                if (nesting.End())
                    lookahead.HoldInterruptEnd(time);
                break;
        }
    }

    /// <summary>How deep preemption was off; the count that the kernel records ends at 15.</summary>
    private byte PreemptionOf(in TraceEvent e) =>
        (byte)Math.Max(0, (e.PreemptCount & 0xF) - plan.PreemptionOfRecorder);
}
