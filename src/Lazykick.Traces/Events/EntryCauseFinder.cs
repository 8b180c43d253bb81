using Lazykick.Traces.Formats;
using Lazykick.Traces.States;

namespace Lazykick.Traces.Events;

/// <summary>Tells what brings a CPU into the kernel, by the first event after that.</summary>
internal sealed class EntryCauseFinder(EventPlan plan, IrqClassifier irqs)
{
    /// <summary>The cause that an event tells; null if it tells none.</summary>
    public EntryCause? Of(EventKind kind, in TraceEvent e) =>
        kind switch
        {
            EventKind.SystemCallEnter or EventKind.OwnEntry => EntryCause.SystemCall,
            EventKind.PageFault => EntryCause.Exception,
            EventKind.FunctionManyEntry or EventKind.FunctionSingleEntry => EntryCause.FunctionCall,
            EventKind.RescheduleEntry => EntryCause.Reschedule,
            EventKind.TimerEntry => EntryCause.Tick,
            EventKind.IrqWorkEntry => EntryCause.IrqWork,
            EventKind.OtherVectorEntry => EntryCause.Device,
            EventKind.Nmi => EntryCause.Nmi,
            EventKind.IpiEntry => plan.CauseOfReason(plan.Minor(EventKind.IpiEntry).ReadUInt64(e.Payload)),
            EventKind.IrqEntry => irqs.ClassOf(e) == IrqClass.Timer ? EntryCause.Tick : EntryCause.Device,
            _ => null,
        };
}
