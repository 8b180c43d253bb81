namespace Lazykick.Traces;

/// <summary>What kicks are grouped by: function, call site, task.</summary>
internal readonly record struct SenderKey(ulong Function, ulong CallSite, int Pid, EntryCause Vector);
