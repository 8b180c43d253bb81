namespace Lazykick.Cli.Output;

/// <summary>
/// How far a command has come, on standard error: one line that changes on a terminal, else a line each time.
/// </summary>
internal static class StatusLine
{
    private static readonly Lock s_lock = new();
    private static bool _isShown;

    public static void Write(string text)
    {
        lock (s_lock)
        {
            if (Console.IsErrorRedirected)
            {
                Console.Error.WriteLine(text);
                return;
            }

            _isShown = true;
            Console.Error.Write($"\r{text,-100}");
        }
    }

    /// <summary>Takes the line off the terminal again: the work is over.</summary>
    public static void Clear()
    {
        lock (s_lock)
        {
            if (_isShown)
                Console.Error.Write("\r\u001b[K");
            _isShown = false;
        }
    }
}
