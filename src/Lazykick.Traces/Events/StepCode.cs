namespace Lazykick.Traces.Events;

/// <summary>The low two bits of a step; the rest is its time.</summary>
internal enum StepCode : byte
{
    SystemCall,
    User,
    Exception,
    OtherEntry,
}
