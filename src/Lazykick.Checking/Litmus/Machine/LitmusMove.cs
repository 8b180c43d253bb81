using Lazykick.Checking.Exploration;

namespace Lazykick.Checking.Litmus.Machine;

/// <summary>One step of a test: the state that it leads to, and the thread that takes it.</summary>
internal readonly record struct LitmusMove<T>(T Next, int Cpu) : ITransition<T>;
