namespace Lazykick.Traces.Formats;

/// <summary>The common fields of a record besides its id.</summary>
internal readonly record struct EventHeader(int Pid, byte Flags, byte PreemptCount);
