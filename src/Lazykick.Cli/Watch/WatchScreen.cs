using Lazykick.Cli.Json;
using Spectre.Console;

namespace Lazykick.Cli.Watch;

/// <summary>
/// A screen of a terminal: the CPUs, then what breaks into them. Keys: s sorts, p pauses, r counts breaks anew, q ends.
/// The longest break is that since the start. The terminal's own screen comes back whatever ends it.
/// </summary>
internal sealed class WatchScreen : IWatchView
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private CancellationTokenSource? _ending;
    private WatchDocument? _frame;
    private WatchChoice _choice = WatchChoice.Begin;
    private bool _isNew;

    public void Begin(CancellationTokenSource ending) => _ending = ending;

    public void Show(WatchDocument frame)
    {
        lock (_lock)
        {
            if (_choice.IsPaused)
                return;
            (_frame, _isNew) = (frame, true);
        }
    }

    public void Run(CancellationToken cancellation)
    {
        if (!Console.IsInputRedirected)
            new Thread(ReadKeys) { IsBackground = true, Name = "lazykick keys" }.Start();
        var console = AnsiConsole.Console;
        console.AlternateScreen(() =>
            console
                .Live(new Markup("waiting for the first second ..."))
                .AutoClear(true)
                .Start(context =>
                {
                    while (!cancellation.WaitHandle.WaitOne(s_look))
                    {
                        Rows? screen = null;
                        lock (_lock)
                        {
                            if (_isNew && _frame is not null)
                                screen = Render(_frame, console.Profile.Width, console.Profile.Height);
                            _isNew = false;
                        }

                        if (screen is not null)
                            context.UpdateTarget(screen);
                    }
                })
        );
    }

    /// <summary>Waits for keys on a thread of its own, which the process does not wait for.</summary>
    private void ReadKeys()
    {
        while (true)
        {
            var key = Console.ReadKey(intercept: true).KeyChar;
            lock (_lock)
            {
                if (key == 'q')
                    _ending!.Cancel();
                _choice = _choice.After(key, _frame);
                _isNew = true;
            }
        }
    }

    private Rows Render(WatchDocument frame, int width, int height) =>
        new(WatchPage.Lines(frame, _choice, width, height - 1).Select(static line => new Text(line)));
}
