using System.Diagnostics.Metrics;
using System.Text;
using Lazykick.Cli.Serve;
using Lazykick.Traces.Kicks;
using Lazykick.Traces.Reports;
using Lazykick.Traces.States;

namespace Lazykick.Cli.Tests.Serve;

/// <summary>The text that Prometheus reads.</summary>
public sealed class PrometheusTextTests
{
    [Fact]
    public void Names_units_and_labels_are_those_of_the_format()
    {
        using var meter = new Meter("lazykick.test");
        using var other = new Meter("lazykick.other");
        other.CreateObservableGauge("not.this", static () => 1L);
        meter.CreateObservableCounter(
            "lazykick.breaks.time",
            static () => new Measurement<double>(0.25, new("cpu", 2), new("cause", "a \"b\"\\\n")),
            "s",
            "Time."
        );
        meter.CreateObservableGauge("lazykick.figure.unknown", static () => 1L, "{figure}", "One.");
        using var text = new PrometheusText("lazykick.test");
        Assert.Equal(
            """
            # HELP lazykick_breaks_time_seconds_total Time.
            # TYPE lazykick_breaks_time_seconds_total counter
            lazykick_breaks_time_seconds_total{cpu="2",cause="a \"b\"\\\n"} 0.25
            # HELP lazykick_figure_unknown One.
            # TYPE lazykick_figure_unknown gauge
            lazykick_figure_unknown 1

            """,
            Encoding.UTF8.GetString(text.Read())
        );
        // Read again: the same once more, not twice.
        Assert.Equal(6, Encoding.UTF8.GetString(text.Read()).Split('\n').Length - 1);
    }

    [Fact]
    public void Labels_are_bounded()
    {
        var names = new ServeNames();
        for (var i = 0; i < 200; i++)
            names.OfFunction($"f{i}");
        Assert.Equal("f49", names.OfFunction("f49"));
        Assert.Null(names.OfFunction("f50"));
        names.AddCauses(Enumerable.Range(0, 200).Select(static i => Cause($"c{i}", 1, 10)));
        Assert.Equal(ServeNames.Most + 1, names.Causes.Count);
        Assert.Equal(new ServeNames.Sum(150, 1_500), names.Causes[ServeNames.Other]);
    }

    [Fact]
    public void Names_of_tasks_are_no_part_of_a_label()
    {
        var names = new ServeNames();
        names.AddCauses(
            Enumerable.Range(0, 200).Select(static i => Cause($"wake-up of t{i}", 1, 10, "wake-up of a task"))
        );
        names.AddCauses([Cause("wake-up of t1", 3, 30, "wake-up of a task"), Cause("device nvme0", 1, 5)]);

        Assert.Equal(["device nvme0", "wake-up of a task"], names.Causes.Keys.Order());
        Assert.Equal(new ServeNames.Sum(202, 2_020), names.Causes["wake-up of a task"]);
    }

    [Fact]
    public void A_counter_never_goes_back_when_a_cause_gets_another_name()
    {
        var names = new ServeNames();
        names.AddCauses([Cause("wake-up of a task", 5, 50)]);
        names.AddCauses([Cause("wake-up of a task", 2, 20), Cause("wake-up of known", 3, 30)]);
        names.AddCauses([Cause("wake-up of a task", 4, 45), Cause("wake-up of known", 3, 30)]);
        Assert.Equal(new ServeNames.Sum(7, 75), names.Causes["wake-up of a task"]);
        Assert.Equal(new ServeNames.Sum(3, 30), names.Causes["wake-up of known"]);
    }

    private static BreakCauseReport Cause(string name, long count, ulong time, string? kind = null) =>
        new()
        {
            Cause = new KickCause(name, "", null) { Kind = kind ?? name },
            Interrupt = EntryCause.Reschedule,
            Functions = [],
            Senders = [],
            SoftIrqs = [],
            Stack = [],
            Count = count,
            Time = time,
            Longest = time,
        };
}
