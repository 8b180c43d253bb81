using System.Globalization;
using Lazykick.Cli.Json;
using Lazykick.Traces.Reports;
using Spectre.Console;

namespace Lazykick.Cli.Watch;

/// <summary>
/// A screen of a terminal: the CPUs, then who kicks them. Keys: s sorts, p pauses, r counts breaks anew, q ends. The
/// longest break is that since the start. The terminal's own screen comes back whatever ends it.
/// </summary>
internal sealed class WatchScreen : IWatchView
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);
    private static readonly string[] s_sorts = ["breaks", "stolen", "CPU"];

    private readonly Lock _lock = new();
    private CancellationTokenSource? _ending;
    private WatchDocument? _frame;
    private Dictionary<int, long> _breaksBefore = [];
    private bool _isReset = true;
    private bool _isPaused;
    private bool _isNew;
    private int _sort;

    public void Begin(CancellationTokenSource ending) => _ending = ending;

    public void Show(WatchDocument frame)
    {
        lock (_lock)
        {
            if (_isReset)
                _breaksBefore = frame.Cpus.ToDictionary(c => c.Cpu, c => c.BreaksSinceStart);
            _isReset = false;
            if (_isPaused)
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
                                screen = Render(_frame, console.Profile.Height);
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
                if (key == 's')
                    _sort = (_sort + 1) % s_sorts.Length;
                else if (key == 'p')
                    _isPaused = !_isPaused;
                else if (key == 'r')
                    _isReset = true;
                else if (key == 'q')
                    _ending!.Cancel();
                _isNew = true;
            }
        }
    }

    private Rows Render(WatchDocument frame, int height)
    {
        // Half of the screen for CPUs, the rest for senders and the cure; CPUs that do not fit are said.
        var rows = Math.Max(2, (height - 14) / 2);
        var cpus = new Table().Border(TableBorder.None).AddColumn("CPU");
        foreach (
            var name in (string[])
                [
                    "user",
                    "idle",
                    "guest",
                    "kernel",
                    "unknown",
                    "breaks/s",
                    "longest us",
                    "stolen us/s",
                    "kicks/s",
                    "breaks",
                ]
        )
        {
            cpus.AddColumn(new TableColumn(name).RightAligned());
        }

        var sorted = Sorted(frame).ToList();
        foreach (var cpu in sorted.Take(rows))
        {
            string[] cells =
            [
                Number(cpu.Cpu, "0"),
                Number(cpu.User, "P1"),
                Number(cpu.Idle, "P1"),
                Number(cpu.Guest, "P1"),
                Number(cpu.Kernel, "P1"),
                Number(cpu.Unknown, "P1"),
                Number(cpu.BreaksPerSecond, "N0"),
                Number(cpu.LongestMicroseconds, "N1"),
                Number(cpu.StolenMicrosecondsPerSecond, "N0"),
                Number(cpu.KicksPerSecond, "N0"),
                Number(cpu.BreaksSinceStart - _breaksBefore.GetValueOrDefault(cpu.Cpu), "N0"),
            ];
            cpus.AddRow([.. cells.Select(c => new Text(c))]);
        }

        var senders = new Table().Border(TableBorder.None);
        foreach (var name in (string[])["stolen us/s", "kicks/s", "sender", "function", "class", "to CPU"])
            senders.AddColumn(new TableColumn(name).NoWrap());
        foreach (var sender in frame.Senders.Take(rows))
        {
            string[] cells =
            [
                Number(sender.StolenMicrosecondsPerSecond, "N0"),
                Number(sender.KicksPerSecond, "N0"),
                $"{sender.Task ?? "?"}-{sender.Pid}",
                sender.Function ?? "(reschedule)",
                sender.Class ?? "",
                CpuListText.Of(sender.Targets),
            ];
            senders.AddRow([.. cells.Select(c => new Text(c))]);
        }

        var lost = frame.LostEvents > 0 ? $", {Number(frame.LostEvents, "N0")} events LOST: figures are too small" : "";
        var hidden = sorted.Count > rows ? $", {sorted.Count - rows} CPUs not shown" : "";
        return new Rows(
            new Text(
                $"lazykick watch  {frame.Time.ToLocalTime():HH:mm:ss}{(_isPaused ? "  PAUSED" : "")}{hidden}{lost}"
            ),
            new Text(""),
            cpus,
            new Text(""),
            senders,
            new Text(""),
            new Text(Cure(frame.Senders)),
            new Text(""),
            new Text($"s sort (now by {s_sorts[_sort]})  p pause  r reset  q quit")
        );
    }

    /// <summary>What to do about the sender that steals most, where the table of functions knows.</summary>
    private static string Cure(IReadOnlyList<WatchDocument.WatchedSender> senders) =>
        senders.FirstOrDefault(s => s.Cure is not null) is { } first ? $"{first.Class}: {first.Cure}" : "";

    private IEnumerable<WatchDocument.WatchedCpu> Sorted(WatchDocument frame) =>
        s_sorts[_sort] switch
        {
            "breaks" => frame.Cpus.OrderByDescending(c => c.BreaksPerSecond).ThenBy(c => c.Cpu),
            "stolen" => frame.Cpus.OrderByDescending(c => c.StolenMicrosecondsPerSecond).ThenBy(c => c.Cpu),
            _ => frame.Cpus.OrderBy(c => c.Cpu),
        };

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
