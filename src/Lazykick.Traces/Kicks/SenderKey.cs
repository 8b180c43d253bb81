using Lazykick.Traces.States;

namespace Lazykick.Traces.Kicks;

/// <summary>What kicks are grouped by: function, call site, task, and what tells their cause.</summary>
internal readonly record struct SenderKey(ulong Function, ulong CallSite, int Pid, EntryCause Vector)
{
    /// <summary>The sender's system call, as <see cref="Events.CallNote"/> has it.</summary>
    public int Call { get; init; }

    /// <summary>The sender's call stack by its number in <see cref="CallStacks"/>; 0 for none.</summary>
    public int Stack { get; init; }

    /// <summary>The task that is woken; 0 where none is, or nothing tells it.</summary>
    public int Woken { get; init; }

    public static SenderKey Of(Kick kick) =>
        new(kick.Function, kick.CallSite, kick.Pid, kick.Vector)
        {
            Call = kick.Call,
            Stack = kick.Stack,
            Woken = kick.Woken,
        };
}
