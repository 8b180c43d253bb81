using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Compilation;

/// <summary>A policy that is asked in the steps of an <c>ask</c>: about which CPU, and where its answer goes.</summary>
internal sealed record AnswerContext(string Policy, Field Mask, int Cpu, Node After);
