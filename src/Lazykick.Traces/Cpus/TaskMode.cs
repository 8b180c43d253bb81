namespace Lazykick.Traces.Cpus;

/// <summary>
/// Where a task is when it runs, as its system calls tell: the state follows the task from CPU to CPU.
/// </summary>
internal enum TaskMode : byte
{
    Unknown,
    User,
    SystemCall,

    /// <summary>A thread of the kernel.</summary>
    Kernel,
}
