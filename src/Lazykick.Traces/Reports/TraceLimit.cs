namespace Lazykick.Traces.Reports;

/// <summary>Something that a trace cannot tell.</summary>
/// <param name="Code">A short name for programs.</param>
/// <param name="Text">One sentence for people.</param>
public sealed record TraceLimit(string Code, string Text);
