using Lazykick.Memory;

namespace Lazykick.Tests.Exploration;

/// <summary>The locks of an execution: who holds them, and who waits for a pulse.</summary>
internal sealed class SimMonitors(Simulation simulation, IPath path, List<SimThread> threads)
{
    private readonly Dictionary<Gate, SimThread> _owners = new(ReferenceEqualityComparer.Instance);
    private int _timeOuts;

    public void Enter(Gate gate) => simulation.Do(OperationKind.EnterGate, gate, () => Take(gate));

    public void Exit(Gate gate)
    {
        if (!simulation.IsAborting)
            simulation.Do(OperationKind.ExitGate, gate, () => GiveUp(gate));
    }

    public bool Wait(Gate gate, TimeSpan timeout)
    {
        var thread = SimThread.Current;
        simulation.Do(
            OperationKind.BeginWait,
            gate,
            () =>
            {
                GiveUp(gate);
                thread.IsPulsed = false;
                thread.MayTimeOut = timeout != Timeout.InfiniteTimeSpan;
            }
        );
        var pulsed = false;
        simulation.Do(
            OperationKind.EndWait,
            gate,
            () =>
            {
                // A pulse may come when the time is up already and the thread waits for the lock: then it is for
                // nobody.
                pulsed = thread.IsPulsed && !(thread.MayTimeOut && _timeOuts == 0 && path.Choose(2) == 1);
                if (!pulsed)
                    _timeOuts++;
                Take(gate);
            }
        );
        return pulsed;
    }

    public void PulseAll(Gate gate)
    {
        foreach (var thread in threads)
        {
            if (IsWaiting(thread) && ReferenceEquals(thread.PendingGate, gate))
                thread.IsPulsed = true;
        }
    }

    /// <summary>May the thread take the lock that its operation is about?</summary>
    public bool IsFree(SimThread thread) =>
        simulation.Mutation == Mutation.NoLocks || !_owners.ContainsKey(thread.PendingGate!);

    /// <summary>May the thread come back from its wait: by a pulse, or by the one time-out that is tried?</summary>
    public bool MayWake(SimThread thread) =>
        IsFree(thread) && (thread.IsPulsed || (thread.MayTimeOut && _timeOuts == 0));

    /// <summary>Does nothing but time wake the thread?</summary>
    public bool WaitsForTime(SimThread thread) => thread.MayTimeOut && IsWaiting(thread) && IsFree(thread);

    private static bool IsWaiting(SimThread thread) =>
        !thread.IsFinished && thread.Pending.Kind == OperationKind.EndWait;

    private void Take(Gate gate)
    {
        _owners[gate] = SimThread.Current;
        simulation.Memory.AcquireFrom(SimThread.Current.Number, gate);
    }

    private void GiveUp(Gate gate)
    {
        _owners.Remove(gate);
        simulation.Memory.ReleaseTo(SimThread.Current.Number, gate);
    }
}
