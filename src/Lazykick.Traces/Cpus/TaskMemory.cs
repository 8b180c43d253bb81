namespace Lazykick.Traces.Cpus;

/// <summary>What is known of tasks while they do not run, whatever CPU they ran on.</summary>
internal sealed class TaskMemory
{
    /// <summary>Where each task is when it runs.</summary>
    public TaskTable<TaskMode> Modes { get; } = new();

    /// <summary>The system call in which each task is, as <see cref="Events.CallNote"/> has it.</summary>
    public TaskTable<int> Calls { get; } = new();
}
