namespace Lazykick.Traces.Events;

/// <summary>x86 has one function-call vector for masks and one for single CPUs; arm64 has one for both.</summary>
internal enum VectorForm : byte
{
    Any,
    Many,
    Single,
}
