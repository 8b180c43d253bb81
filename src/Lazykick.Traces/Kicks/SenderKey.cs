using Lazykick.Traces.States;

namespace Lazykick.Traces.Kicks;

/// <summary>What kicks are grouped by: function, call site, task.</summary>
internal readonly record struct SenderKey(ulong Function, ulong CallSite, int Pid, EntryCause Vector)
{
    public static SenderKey Of(Kick kick) => new(kick.Function, kick.CallSite, kick.Pid, kick.Vector);
}
