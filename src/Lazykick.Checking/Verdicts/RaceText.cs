using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Verdicts;

/// <summary>Where old text may run.</summary>
/// <param name="Cpu">On which CPU.</param>
/// <param name="Path">In which path, or at which place.</param>
/// <param name="Step">Before which step.</param>
/// <param name="Span">Where that is written.</param>
public record RaceText(int Cpu, string Path, string Step, SourceSpan Span);
