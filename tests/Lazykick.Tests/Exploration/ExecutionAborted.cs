namespace Lazykick.Tests.Exploration;

/// <summary>Unwinds the threads of an execution that is not to be finished.</summary>
internal sealed class ExecutionAborted : Exception;
