namespace Lazykick.Checking.Litmus.Reading;

/// <summary>The code of a thread, or of its exception handler.</summary>
/// <param name="Cpu">The thread.</param>
/// <param name="IsHandler">A column <c>Pn.F</c>.</param>
/// <param name="Lines">Its cells, top down.</param>
/// <param name="Position">Where it is named.</param>
public sealed record LitmusColumn(int Cpu, bool IsHandler, IReadOnlyList<LitmusLine> Lines, LitmusPosition Position);
