namespace Lazykick.Traces.Containers.TraceDat;

/// <summary>Numbers of the options of a trace.dat. Those that are not here are passed over by their length.</summary>
internal enum TraceOption : ushort
{
    Done = 0,
    Date = 1,
    CpuStatistics = 2,
    Buffer = 3,
    TraceClock = 4,
    Uname = 5,
    Offset = 7,
    CpuCount = 8,
    TscToNanoseconds = 14,
    HeaderInfo = 16,
    FtraceFormats = 17,
    EventFormats = 18,
    Symbols = 19,
    Texts = 20,
    CommandLines = 21,
    BufferText = 22,
}
