using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Compilation;

/// <summary>Where a step stands: what its names mean, and what encloses it.</summary>
/// <param name="Scope">What names mean there.</param>
/// <param name="Calls">Routines, kicks and policies that were called, the outermost first.</param>
/// <param name="Sections">Classes of text that run there, the innermost first.</param>
/// <param name="Break">Where a <c>break</c> leads; null outside of a loop.</param>
/// <param name="Answer">Whom a policy answers; null outside of one.</param>
/// <param name="About">The CPU that the step is about.</param>
/// <param name="Loop">The set that the innermost loop over CPUs reads, if it is one variable.</param>
internal sealed record StepContext(
    CpuScope Scope,
    IReadOnlyList<string> Calls,
    IReadOnlyList<string> Sections,
    Node? Break,
    AnswerContext? Answer,
    int About,
    Field? Loop
)
{
    /// <summary>The body of a loop over CPUs, at one of them.</summary>
    public StepContext At(string variable, int cpu, Value set) =>
        this with
        {
            Loop = (set as Value.Read)?.Field,
            Scope = Scope.Bind(variable, cpu),
            About = About == Moves.Instruction.Nobody || About == cpu ? cpu : Moves.Instruction.Several,
        };
}
