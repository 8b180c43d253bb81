using Lazykick.Traces.Kicks;
using Lazykick.Traces.States;

namespace Lazykick.Traces.Reports;

/// <summary>Breaks of user mode and guests by what came first. Times are in units of the trace clock.</summary>
/// <param name="Cause">The interrupt.</param>
/// <param name="Function">What its kick ran, or null.</param>
/// <param name="Device">Name of the device's interrupt, or null.</param>
/// <param name="Row">What the function table says, or null.</param>
/// <param name="Count">Breaks.</param>
/// <param name="Time">Their time.</param>
/// <param name="Longest">The longest of them.</param>
public sealed record BreakCauseReport(
    EntryCause Cause,
    string? Function,
    string? Device,
    KickFunction? Row,
    long Count,
    ulong Time,
    ulong Longest);
