using System.Diagnostics;

namespace Lazykick.Cli.Output;

/// <summary>
/// Before its first byte of output .NET switches the terminal of the process into keypad mode (terminfo's smkx,
/// <c>ESC [ ? 1 h</c>), whatever it writes to: a pipe, a file, a terminal of somebody who wants no control sequences
/// (System.Console, ConsolePal.Unix.cs, EnsureInitializedCore and Write, .NET 10). Of a terminal that has no such mode
/// it leaves that alone.
/// </summary>
internal static class KeypadMode
{
    private const string Variable = "TERM";

    private static string? _term;

    /// <summary>Keeps .NET from it where only text is wanted; to be called before anything is written.</summary>
    public static void Avoid()
    {
        if (!Console.IsOutputRedirected && !Terminal.IsPlain)
            return;
        _term = Environment.GetEnvironmentVariable(Variable);
        Environment.SetEnvironmentVariable(Variable, "dumb");
    }

    /// <summary>A program that is started here has the terminal that there is.</summary>
    public static void GiveBack(ProcessStartInfo start)
    {
        if (_term is not null)
            start.Environment[Variable] = _term;
    }
}
