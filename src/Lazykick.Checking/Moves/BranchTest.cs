using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Moves;

/// <summary>A test over a CPU's own variables that is decided on the way to the next step (M7).</summary>
/// <param name="Test">The test.</param>
/// <param name="About">As <see cref="Instruction.About"/>.</param>
/// <param name="Span">Where it is written.</param>
internal sealed record BranchTest(Value Test, int About, SourceSpan Span);
