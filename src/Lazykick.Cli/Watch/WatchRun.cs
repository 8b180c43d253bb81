using System.Text;
using Lazykick.Cli.Json;
using Lazykick.Cli.Output;
using Lazykick.Traces;
using Lazykick.Traces.Live;
using Lazykick.Traces.Recording;

namespace Lazykick.Cli.Watch;

/// <summary>Runs <c>watch</c>: a live analysis on a thread of its own, and a screen or a stream of lines.</summary>
internal sealed class WatchRun(WatchSettings settings, CancellationToken cancellation)
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    public int Execute()
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            var tracefs = Tracefs.Find();
            Recorder.SweepDead(tracefs);
            var options = new RecordingOptions
            {
                Cpus = settings.Cpus is { } list ? [.. list.Order()] : null,
                NamesCauses = true,
                Output = "",
            };
            using var analysis = LiveAnalysis.Prepare(tracefs, options);
            foreach (var missing in analysis.Plan.Missing)
                Console.Error.WriteLine($"lazykick: this kernel has no {missing.FullName}: not shown: {missing.Lost}");
            foreach (var note in analysis.Notes)
                Console.Error.WriteLine($"lazykick: {note}");
            var view = Choose();
            view.Begin(ending);
            // The time is that of watching: on a busy machine the preparation takes seconds.
            if (settings.Time is { } time)
                ending.CancelAfter(time);
            var thread = Analyse(analysis, view, ending);
            view.Run(ending.Token);
            ending.Cancel();
            thread.GetAwaiter().GetResult();
            return ExitStatus.Done;
        }
        catch (RecordingException error)
        {
            Console.Error.WriteLine($"lazykick: {error.Message}");
            return ExitStatus.WrongInput;
        }
    }

    private IWatchView Choose()
    {
        if (settings.Json)
            return new WatchStream((output, frame) => JsonOutput.Write(output, frame, JsonOutput.Lines.WatchDocument));
        return Console.IsOutputRedirected || Terminal.IsPlain
            ? new WatchStream((output, frame) => output.Write(Encoding.UTF8.GetBytes(WatchLine.Of(frame) + "\n")))
            : new WatchScreen();
    }

    private Task Analyse(LiveAnalysis analysis, IWatchView view, CancellationTokenSource ending) =>
        Task.Factory.StartNew(
            () =>
            {
                WatchTotals? last = null;
                try
                {
                    analysis.Run(
                        new AnalysisOptions { Cpus = settings.Cpus },
                        s_second,
                        report =>
                        {
                            var now = WatchTotals.Of(report);
                            // A screen has them at its foot.
                            if (last is null && view is not WatchScreen)
                                WatchLimits.Tell(report);
                            if (last is not null)
                                view.Show(WatchFrame.Of(last, now));
                            last = now;
                        },
                        ending.Token
                    );
                }
                finally
                {
                    ending.Cancel();
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
}
