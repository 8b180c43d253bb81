using System.Globalization;
using Lazykick.Traces.Reports;

namespace Lazykick.Cli.Report;

/// <summary>A figure in a table: plain where it is known, a bound where one is, a question mark where nothing is.</summary>
internal static class FigureText
{
    public const string Unknown = "?";

    public static string Of(CpuReport cpu, Figure figure, long counted) =>
        Of(cpu, figure, counted.ToString("N0", CultureInfo.InvariantCulture));

    public static string Of(CpuReport cpu, Figure figure, string counted) =>
        cpu.Knowledge.Of(figure) switch
        {
            Certainty.Known => counted,
            Certainty.AtLeast => ">=" + counted,
            Certainty.AtMost => "<=" + counted,
            _ => Unknown,
        };
}
