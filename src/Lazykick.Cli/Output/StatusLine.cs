namespace Lazykick.Cli.Output;

/// <summary>
/// How far a command has come, on standard error: one line that changes on a terminal, else a line each time. Blanks
/// take the rest of an older line away: no terminal, however simple, gets a control sequence.
/// </summary>
internal static class StatusLine
{
    private static readonly Lock s_lock = new();
    private static int _shown;

    public static void Write(string text)
    {
        lock (s_lock)
        {
            if (Console.IsErrorRedirected)
            {
                Console.Error.WriteLine(text);
                return;
            }

            Console.Error.Write($"\r{text.PadRight(_shown)}");
            _shown = text.Length;
        }
    }

    /// <summary>Takes the line off the terminal again: the work is over.</summary>
    public static void Clear()
    {
        lock (s_lock)
        {
            if (_shown > 0)
                Console.Error.Write($"\r{"".PadRight(_shown)}\r");
            _shown = 0;
        }
    }
}
