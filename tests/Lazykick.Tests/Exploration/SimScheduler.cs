namespace Lazykick.Tests.Exploration;

/// <summary>Who of an execution's threads is next, by the path; and how the execution fails if nobody can be.</summary>
internal sealed class SimScheduler(Simulation simulation, IPath path, List<SimThread> threads)
{
    private const int StepLimit = 5_000;

    private readonly List<Step> _enabled = [];
    private int _steps;
    private int _last = -1;

    /// <summary>A deadlock, a lost wake-up, or an execution without end.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Whether the execution was left because another one stands for it.</summary>
    public bool IsPruned { get; private set; }

    /// <summary>The thread that goes on; null where the execution is left.</summary>
    public SimThread? ChooseNext()
    {
        while (true)
        {
            CollectEnabled();
            if (_enabled.Count == 0)
            {
                Failure ??= new InvalidOperationException(
                    "Deadlock: "
                        + string.Join(
                            "; ",
                            threads
                                .Where(thread => !thread.IsFinished)
                                .Select(thread => $"T{thread.Number} at {thread.Pending.Kind}")
                        )
                );
                return null;
            }

            if (++_steps > StepLimit)
            {
                Failure ??= new InvalidOperationException("The execution does not end.");
                return null;
            }

            if (path.Choose(_enabled, _last) is not { } step)
            {
                IsPruned = true;
                return null;
            }

            if (step.Operation.Kind != OperationKind.Flush)
            {
                _last = step.Thread;
                return threads[step.Thread];
            }

            simulation.Flush(step.Thread);
        }
    }

    private void CollectEnabled()
    {
        _enabled.Clear();
        foreach (var thread in threads)
        {
            if (simulation.Memory.PendingFlush(thread.Number) is { } place)
            {
                _enabled.Add(
                    new Step(
                        thread.Number,
                        new Operation(OperationKind.Flush, simulation.Objects.NumberOfPlace(place))
                    )
                );
            }

            if (!thread.IsFinished && !thread.IsQuiet && CanRun(thread))
                _enabled.Add(new Step(thread.Number, thread.Pending));
        }

        // When nothing else can happen time passes; a time-out that hits earlier is tried once.
        if (_enabled.Count == 0 && threads.Find(simulation.Monitors.WaitsForTime) is { } idle)
        {
            if (
                simulation.Peek(simulation.HasWork)
                || threads.Exists(thread => !thread.IsFinished && !thread.IsSpawned)
            )
            {
                Failure ??= new InvalidOperationException(
                    $"A wake-up was lost: T{idle.Number} sleeps over its work until its time is up."
                );
                return;
            }

            _enabled.Add(new Step(idle.Number, idle.Pending));
        }
    }

    private bool CanRun(SimThread thread) =>
        simulation.Memory.CanRun(thread.Number, thread.Pending)
        && thread.Pending.Kind switch
        {
            OperationKind.EnterGate => simulation.Monitors.IsFree(thread),
            OperationKind.EndWait => simulation.Monitors.MayWake(thread),
            OperationKind.Pause => simulation.Memory.HasNews(thread.Number)
                || (simulation.LongWaits && (!thread.HasSlept || threads.Exists(other => other.IsFinished))),
            _ => true,
        };
}
