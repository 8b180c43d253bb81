namespace Lazykick.Core;

/// <summary>Starts the threads that a domain needs now and then.</summary>
internal interface IThreadStarter
{
    /// <summary>Starts the thread that runs callbacks; it may fail by exception, and then has not started.</summary>
    void StartReclaimer(Action body);

    /// <summary>Starts the thread that waits for grace periods on behalf of tasks; it may fail likewise.</summary>
    void StartWaiter(Action body);
}
