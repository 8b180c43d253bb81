using System.Globalization;
using Lazykick.Traces.Reports;

namespace Lazykick.Cli.Report;

/// <summary>
/// A figure in a table: plain where it is known, a bound where one is, a question mark where nothing is.
/// </summary>
internal static class FigureText
{
    public const string Unknown = "?";
    public const string AtLeast = ">=";
    public const string AtMost = "<=";

    public static string Of(CpuReport cpu, Figure figure, long counted) =>
        Of(cpu, figure, counted.ToString("N0", CultureInfo.InvariantCulture), counted == 0);

    /// <summary>A figure in words of its own.</summary>
    /// <param name="cpu">The CPU.</param>
    /// <param name="figure">Which one.</param>
    /// <param name="counted">What was counted.</param>
    /// <param name="isNothing">Nothing was: as a lower bound that says nothing, as an upper one it says all.</param>
    public static string Of(CpuReport cpu, Figure figure, string counted, bool isNothing) =>
        cpu.Knowledge.Of(figure) switch
        {
            Certainty.Known => counted,
            Certainty.AtLeast when isNothing => Unknown,
            Certainty.AtLeast => AtLeast + counted,
            Certainty.AtMost when isNothing => counted,
            Certainty.AtMost => AtMost + counted,
            _ => Unknown,
        };

    /// <summary>A figure of which a part says nothing about the whole: a quantile.</summary>
    public static string OfWhole(CpuReport cpu, Figure figure, string counted) =>
        cpu.Knowledge.Of(figure) == Certainty.Known ? counted : Unknown;
}
