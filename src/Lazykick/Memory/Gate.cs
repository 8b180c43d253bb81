namespace Lazykick.Memory;

/// <summary>A lock with a condition; taken through <see cref="ISharedMemory"/> only.</summary>
internal sealed class Gate;
