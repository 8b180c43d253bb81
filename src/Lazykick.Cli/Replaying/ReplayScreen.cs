using System.Globalization;
using Lazykick.Cli.Output;

namespace Lazykick.Cli.Replaying;

/// <summary>
/// An execution on a terminal. Keys: n, space, enter or right make a move, p, backspace or left take one back, g and G
/// go to the start and to the end, q ends. The terminal's own screen comes back whatever ends it.
/// </summary>
internal sealed class ReplayScreen(ReplayText text, int length)
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(30);

    public void Run(CancellationToken cancellation)
    {
        Console.Out.Write("\u001b[?1049h");
        try
        {
            var moves = 0;
            Show(moves);
            while (!cancellation.IsCancellationRequested)
            {
                if (!Console.KeyAvailable)
                {
                    cancellation.WaitHandle.WaitOne(s_look);
                    continue;
                }

                var key = Console.ReadKey(intercept: true);
                if (key.KeyChar == 'q' || key.Key == ConsoleKey.Escape)
                    return;
                moves = Math.Clamp(Next(key, moves), 0, length);
                Show(moves);
            }
        }
        finally
        {
            Console.Out.Write("\u001b[?1049l");
        }
    }

    private int Next(ConsoleKeyInfo key, int moves) =>
        (key.Key, key.KeyChar) switch
        {
            (_, 'n' or ' ') or (ConsoleKey.Enter or ConsoleKey.RightArrow or ConsoleKey.DownArrow, _) => moves + 1,
            (_, 'p') or (ConsoleKey.Backspace or ConsoleKey.LeftArrow or ConsoleKey.UpArrow, _) => moves - 1,
            (_, 'g') or (ConsoleKey.Home, _) => 0,
            (_, 'G') or (ConsoleKey.End, _) => length,
            _ => moves,
        };

    private void Show(int moves)
    {
        Console.Out.Write("\u001b[H\u001b[2J");
        text.WriteState(Terminal.Standard, moves);
        Console.Out.Write(
            string.Create(
                CultureInfo.InvariantCulture,
                $"move {moves} of {length}   n next  p previous  g start  G end  q quit"
            )
        );
        Console.Out.Flush();
    }
}
