namespace Lazykick.Traces.Events;

[Flags]
internal enum SwitchNotes : byte
{
    None = 0,

    /// <summary>The previous task is dead: its pid may come back as another task.</summary>
    PreviousDead = 1,

    /// <summary>The next task's name is one of the kernel's own threads.</summary>
    NextIsKernelThread = 2,

    /// <summary>On a tracked CPU: the previous task was inside a system call.</summary>
    PreviousInSystemCall = 4,
}
