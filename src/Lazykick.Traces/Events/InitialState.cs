using Lazykick.Traces.Formats;
using Lazykick.Traces.States;

namespace Lazykick.Traces.Events;

/// <summary>What the first event of state says about the time before it.</summary>
internal sealed class InitialState(EventPlan plan, RecordWriter records)
{
    // Only the first events of a CPU may say what it did before them: deterministic, whatever the size of chunks.
    private const int DecisiveEvents = 64;

    private int _seen;
    private bool _hasRoom;

    /// <summary>The next event may still tell the state before.</summary>
    public bool IsOpen { get; private set; } = true;

    /// <summary>Makes room for the state before the first event, in the first chunk.</summary>
    public void Begin(CpuChunk chunk)
    {
        if (_seen > 0 || !chunk.IsEmpty)
            return;
        chunk.Add(RecordKind.Initial, 0).Detail = (byte)CpuState.Unknown;
        _hasRoom = true;
    }

    /// <summary>The chunk is over, and the room for the state with it.</summary>
    public void End() => _hasRoom = false;

    /// <summary>Events are missing: those that follow say nothing about the beginning.</summary>
    public void Close() => IsOpen = false;

    public void Consider(EventKind kind, in TraceEvent e)
    {
        _seen++;
        CpuState? state = kind switch
        {
            EventKind.UserExit => CpuState.UserEqs,
            EventKind.UserEnter => CpuState.Kernel,
            EventKind.SystemCallEnter => CpuState.User,
            EventKind.SystemCallExit => CpuState.Kernel,
            EventKind.CpuIdle => (uint)plan.IdleState.ReadUInt64(e.Payload) == uint.MaxValue
                ? CpuState.Idle
                : CpuState.Kernel,
            // These say nothing about the state, so that the next one may still do.
            EventKind.Print
            or EventKind.Raise
            or EventKind.SoftIrq
            or (>= EventKind.CsdQueue and <= EventKind.WakeWithoutIpi)
            or (>= EventKind.ProbeKickCpu and <= EventKind.ProbeReschedule) => null,
            _ => CpuState.Unknown,
        };
        if (state is null && _seen < DecisiveEvents)
            return;
        IsOpen = false;
        if (_hasRoom && state is { } known)
            records.First.Detail = (byte)known;
    }
}
