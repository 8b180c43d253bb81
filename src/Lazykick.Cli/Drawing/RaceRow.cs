using Lazykick.Schemes.Text;

namespace Lazykick.Cli.Drawing;

/// <summary>A row of a drawn race.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Cpu">In whose column it stands.</param>
/// <param name="Text">What happens.</param>
/// <param name="Remark">Why the row matters, or null.</param>
/// <param name="Span">The line of the scheme.</param>
/// <param name="IsViolation">The last row: what goes wrong.</param>
/// <param name="Move">The move of the race that the row tells of; null for where CPUs stand at the end.</param>
internal sealed record RaceRow(
    int Number,
    int Cpu,
    string Text,
    string? Remark,
    SourceSpan Span,
    bool IsViolation,
    int? Move
)
{
    /// <summary>What the step is in the kernel's source, or null.</summary>
    public string? Kernel { get; init; }
}
