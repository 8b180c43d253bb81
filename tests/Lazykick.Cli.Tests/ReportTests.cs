using System.Globalization;
using System.Text;
using System.Text.Json;
using Lazykick.Cli.Output;
using Lazykick.Cli.Report;
using Lazykick.Cli.Tests.Support;
using Lazykick.Traces.States;

namespace Lazykick.Cli.Tests;

public sealed class ReportTests
{
    private static ReportSettings Sample { get; } = new() { Files = [], Schemes = "none" };

    [Fact]
    public void Without_arguments_a_new_user_sees_the_point_in_the_first_lines()
    {
        var (status, text, errors) = Run(Sample with { Schemes = "v2" });

        Assert.Equal(ExitStatus.Done, status);
        Assert.Empty(errors);
        Assert.Contains("embedded sample, kernel 6.12.107+deb13-arm64 aarch64", text, StringComparison.Ordinal);
        // What happened, what stole most and who sent it, what helps, and which interrupts could have waited.
        Assert.Contains(
            "CPU 2: 82 breaks of user mode, 15 ms stolen, longest 4.1 ms. 14 ms of it by static key or other change of "
                + "kernel text by write() in task sh, sent by sh-169. Cure: Record with lazykick record --stacks "
                + "(perf record -g, trace-cmd -T) to see which it is. Stop tracing, perf, BPF and module loads, or "
                + "have them done before the work begins. 80 of 80 interrupts that could have waited hit user mode.",
            Unwrapped(text),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "CPU 3: 77 breaks of user mode, 17 ms stolen, longest 4.2 ms. 12 ms of it by static key or other change of "
                + "kernel text by write() in task sh, sent by sh-169. The longest: tick kept by a second runnable "
                + "task.",
            Unwrapped(text),
            StringComparison.Ordinal
        );
        Assert.Contains("tick (which timer: record --preset exact)", Unwrapped(text), StringComparison.Ordinal);
        Assert.Contains("kick_all_cpus_sync+0x38", text, StringComparison.Ordinal);
        Assert.Contains("sh-169", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', text);
    }

    [Fact]
    public void The_report_of_the_sample_fits_a_page()
    {
        var lines = Run(Sample).Text.Split('\n');

        // The ten longest breaks, the causes with their cures, the wake-ups and the schemes are two pages of a
        // terminal, and a few lines more.
        Assert.True(lines.Length <= 110, $"{lines.Length} lines");
        Assert.All(lines, static line => Assert.True(line.Length <= 100, line));
    }

    [Fact]
    public void Json_has_the_documented_members_and_its_parts_add_up()
    {
        var (status, text, _) = Run(Sample with { Json = true, Schemes = "v2" });
        using var document = JsonDocument.Parse(text);
        var root = document.RootElement;

        Assert.Equal(ExitStatus.Done, status);
        Assert.Equal("lazykick.report/2", root.GetProperty("schema").GetString());
        var report = Assert.Single(root.GetProperty("reports").EnumerateArray());
        foreach (
            var member in new[] { "trace", "limits", "damage", "schemes", "selection", "phases", "senders", "failOn" }
        )
        {
            Assert.True(report.TryGetProperty(member, out _), member);
        }

        var cpus = report.GetProperty("selection").GetProperty("cpus").EnumerateArray().ToList();
        Assert.Equal([0, 1, 2, 3], cpus.Select(static cpu => cpu.GetProperty("cpu").GetInt32()));
        foreach (var cpu in cpus)
        {
            var kicks = cpu.GetProperty("kicks");
            Assert.Equal(
                kicks.GetProperty("asked").GetInt64(),
                kicks.GetProperty("verdicts").EnumerateObject().Sum(static verdict => verdict.Value.GetInt64())
            );
            var expected = Assert.Single(cpu.GetProperty("schemes").EnumerateArray()).GetProperty("expected");
            Assert.Equal(
                kicks.GetProperty("interrupts").GetInt64()
                    - expected.GetProperty("interruptsAvoided").GetInt64()
                    + expected.GetProperty("interruptsAdded").GetInt64(),
                expected.GetProperty("interruptsLeft").GetInt64()
            );
        }

        Assert.Equal(80, cpus[2].GetProperty("kicks").GetProperty("verdicts").GetProperty("needless").GetInt64());
    }

    [Theory]
    [InlineData("cpu=2-3 needless>0", ExitStatus.Violated)]
    [InlineData("cpu=2 needless>=80", ExitStatus.Violated)]
    [InlineData("cpu=2 needless>80", ExitStatus.Done)]
    [InlineData("cpu=2 needless = 80", ExitStatus.Violated)]
    [InlineData("cpu=2 unknown!=0", ExitStatus.Done)]
    [InlineData("phase=static_key cpu=2 kick-breaks<1", ExitStatus.Done)]
    [InlineData("phase=nowhere kicks>0", ExitStatus.WrongInput)]
    [InlineData("cpu=2 longest>4ms", ExitStatus.Violated)]
    [InlineData("cpu=2-3 longest > 4.2 ms", ExitStatus.Violated)]
    [InlineData("cpu=2-3 longest>4300us", ExitStatus.Done)]
    [InlineData("cpu=3 stolen>=16ms", ExitStatus.Violated)]
    [InlineData("cpu=2-3 stolen>40ms", ExitStatus.Done)]
    public void A_threshold_decides_the_exit_status(string condition, int status)
    {
        Assert.True(FailCondition.TryParse(condition, out var parsed, out _));

        var run = Run(Sample with { FailOn = [parsed] });

        Assert.Equal(status, run.Status);
        Assert.Equal(
            status != ExitStatus.Done,
            run.Errors.Contains(
                condition.Contains("nowhere", StringComparison.Ordinal) ? "no phase 'nowhere'" : condition,
                StringComparison.Ordinal
            )
        );
    }

    [Theory]
    [InlineData("cpu=2-3", "expected [cpu=LIST]")]
    [InlineData("needless", "expected [cpu=LIST]")]
    [InlineData("needless>many", "expected [cpu=LIST]")]
    [InlineData("cpu=3-2 needless>0", "'3-2' is no list of CPUs")]
    [InlineData("senseless>0", "there is no 'senseless' to compare")]
    [InlineData("longest>50", "longest is a time with its unit, such as 50us")]
    [InlineData("breaks>5us", "expected [cpu=LIST]")]
    public void A_wrong_threshold_is_refused_with_what_was_expected(string condition, string message)
    {
        Assert.False(FailCondition.TryParse(condition, out _, out var error));
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Cpus_and_phases_select()
    {
        var text = Run(Sample with { Cpus = new HashSet<int> { 3 } }).Text;
        Assert.DoesNotContain("CPU 2:", text, StringComparison.Ordinal);
        Assert.Contains(
            "77 of 80 interrupts that could have waited hit user mode",
            Unwrapped(text),
            StringComparison.Ordinal
        );

        var (status, _, errors) = Run(Sample with { Phase = "lunch" });
        Assert.Equal(ExitStatus.WrongInput, status);
        Assert.Contains("there is no phase 'lunch'; there are static_key", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_opened_is_said_without_a_stack_trace()
    {
        var (status, _, errors) = Run(Sample with { Files = ["/there/is/no/such/trace.dat"] });

        Assert.Equal(ExitStatus.WrongInput, status);
        Assert.StartsWith(
            "lazykick: /there/is/no/such/trace.dat: there is no such file",
            errors,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_scheme_and_a_base_are_refused()
    {
        Assert.Equal(ExitStatus.WrongInput, Run(Sample with { Schemes = "v99" }).Status);
        var (status, _, errors) = Run(Sample with { Schemes = "arm64-v4.16" });
        Assert.Equal(ExitStatus.WrongInput, status);
        Assert.Contains("base", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_users_table_of_functions_changes_verdicts()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "do_nothing never mine my driver depends on it\n");
            Assert.Contains(
                "No kick of a kind that could be deferred",
                Run(Sample with { FunctionsFile = path }).Text,
                StringComparison.Ordinal
            );
            File.WriteAllText(path, "do_nothing perhaps mine my driver depends on it\n");
            var (status, _, errors) = Run(Sample with { FunctionsFile = path });
            Assert.Equal(ExitStatus.WrongInput, status);
            Assert.Contains("line 1", errors, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Every_kick_is_a_document_of_the_jsonl_file()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".jsonl");
        try
        {
            Run(
                Sample with
                {
                    KicksFile = path,
                    Cpus = new HashSet<int> { 2 },
                    Schemes = "v2,x86-work",
                }
            );

            var kicks = File.ReadAllLines(path).Select(static line => JsonDocument.Parse(line).RootElement).ToList();
            Assert.Equal(82, kicks.Count);
            var needless = kicks.FindAll(static kick => kick.GetProperty("verdict").GetString() == "needless");
            Assert.Equal(80, needless.Count);
            Assert.All(
                needless,
                static kick =>
                {
                    var decision = Assert.Single(kick.GetProperty("schemes").EnumerateObject());
                    Assert.Equal(("v2", "skip"), (decision.Name, decision.Value.GetString()));
                    Assert.Equal("write", kick.GetProperty("systemCall").GetString());
                    Assert.Equal("userEqs", kick.GetProperty("stateSampled").GetString());
                }
            );
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Every_kick_is_a_line_of_the_csv_file()
    {
        var path = Path.GetTempFileName();
        try
        {
            Run(
                Sample with
                {
                    KicksFile = path,
                    Cpus = new HashSet<int> { 2 },
                    Schemes = "v2,x86-work",
                }
            );
            var lines = File.ReadAllLines(path);
            Assert.Equal(22, lines[0].Split(',').Length);
            Assert.EndsWith(
                ",sampled,state_sampled,system_call,stack,scheme v2,scheme x86-work",
                lines[0],
                StringComparison.Ordinal
            );
            Assert.Equal(1 + 82, lines.Length);
            // v2 leaves all out that are needless; x86-work serves another kick.
            Assert.Equal(
                80,
                lines.Count(static line => line.EndsWith(",user_eqs,write,,skip,", StringComparison.Ordinal))
            );
            Assert.Equal(
                80,
                lines.Count(static line =>
                    line.Contains(",do_nothing,kick_all_cpus_sync+0x38,", StringComparison.Ordinal)
                    && line.Contains(",needless,", StringComparison.Ordinal)
                )
            );
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Policies_of_the_catalogue_become_rules_and_refuted_ones_carry_their_race()
    {
        var rules = SchemeSelection.Load("v2,v3-exact,before", TextWriter.Null)!;

        var v2 = rules.Single(static rule => rule.Name == "v2");
        Assert.Equal([CpuState.UserEqs, CpuState.Idle], v2.Skips.Order());
        Assert.Equal(["kick_all_cpus_sync"], v2.Serves);
        Assert.Contains(CpuState.User, rules.Single(static rule => rule.Name == "v3-exact").Skips);
        Assert.Empty(rules.Single(static rule => rule.Name == "before").Skips);
        Assert.StartsWith("refuted: S1 ", SchemeWarning.Of(v2), StringComparison.Ordinal);
        Assert.All(
            SchemeSelection.Load("lazysync", TextWriter.Null)!,
            static rule => Assert.Null(SchemeWarning.Of(rule))
        );
    }

    [Fact]
    public void User_mode_that_is_no_EQS_is_not_taken_for_one_in_the_headline()
    {
        var file = Repository.PathOf("tests/data/captures/host-6.18-raw/perfcpu.dat.zst");
        var text = Unwrapped(LazykickProcess.Run("report", file, "--cpus", "1").Output);
        Assert.Contains("hit user mode (no EQS without context tracking)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Why_breaks_cannot_be_told_stands_beside_it_once()
    {
        using var files = new Recorded("sched", "power", "raw_syscalls", "ipi", "csd");
        var text = Unwrapped(LazykickProcess.Run("report", files.Path).Output);
        Assert.Contains(
            "CPU 0: its breaks the trace cannot tell; missing: entries of function-call interrupts;",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains("CPU 1: its breaks the trace cannot tell.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_kicks_took_is_unknown_and_not_0_where_no_arrival_is_recorded()
    {
        using var files = new Recorded("sched", "power", "raw_syscalls", "ipi", "csd");
        var run = LazykickProcess.Run("report", files.Path, "--cpus", "1", "--json");
        using var document = JsonDocument.Parse(run.Output);
        var report = document.RootElement.GetProperty("reports")[0];
        foreach (var list in new[] { "senders", "sendersByTask" })
        {
            var senders = report.GetProperty(list);
            Assert.NotEqual(0, senders.GetArrayLength());
            Assert.All(senders.EnumerateArray(), static s => Assert.False(s.TryGetProperty("took", out _)));
        }

        foreach (var sender in report.GetProperty("senders").EnumerateArray())
            Assert.Null(sender.GetProperty("verdicts").GetProperty("needless").GetString());
        var text = LazykickProcess.Run("report", files.Path, "--cpus", "1").Output;
        Assert.Contains("Who sent them", text, StringComparison.Ordinal);
        Assert.DoesNotContain(" 0 ns ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_sample_does_not_have_is_refused_or_cannot_be_told()
    {
        Assert.True(FailCondition.TryParse("cpu=99 needless>0", out var nobody, out _));
        Assert.True(FailCondition.TryParse("cpu=0 breaks>0", out var breaks, out _));

        Assert.Equal(ExitStatus.WrongInput, Run(Sample with { Cpus = new HashSet<int> { 99 } }).Status);
        Assert.Equal(ExitStatus.WrongInput, Run(Sample with { FailOn = [nobody] }).Status);
        Assert.Equal(ExitStatus.WrongInput, Run(Sample with { From = new TimePoint(999, false) }).Status);
        Assert.Equal(ExitStatus.Done, Run(Sample with { FailOn = [breaks] }).Status);
    }

    [Theory]
    [InlineData("needless>0", ExitStatus.CannotTell)]
    [InlineData("needless-at-most>0", ExitStatus.CannotTell)]
    [InlineData("cpu=2 kicks>0", ExitStatus.CannotTell)]
    [InlineData("cpu=2 breaks<1", ExitStatus.CannotTell)]
    [InlineData("cpu=2 longest<1s", ExitStatus.CannotTell)]
    [InlineData("cpu=2 stolen<1s", ExitStatus.CannotTell)]
    public void A_gate_on_what_a_trace_cannot_tell_is_not_passed(string condition, int status)
    {
        // A capture that lost all that tells of interrupts: a clean machine, as far as it shows.
        using var files = new Recorded("sched", "power", "raw_syscalls");
        Assert.True(
            FailCondition.TryParse(condition.Replace("cpu=2", "cpu=1", StringComparison.Ordinal), out var parsed, out _)
        );
        var run = Run(Sample with { Files = [files.Path], FailOn = [parsed], Phase = null });

        Assert.Equal(status, run.Status);
        Assert.Contains("cannot tell", run.Errors, StringComparison.Ordinal);
        Assert.Contains("cannot show whether kicks were needless", Unwrapped(run.Text), StringComparison.Ordinal);
    }

    [Fact]
    public void Percentiles_are_said_to_be_the_edges_of_their_buckets()
    {
        using var json = JsonDocument.Parse(Run(Sample with { Json = true }).Text);
        var cpu = json.RootElement.GetProperty("reports")[0].GetProperty("selection").GetProperty("cpus")[2];
        foreach (var figure in new[] { cpu.GetProperty("breakTimes"), cpu.GetProperty("kicks").GetProperty("latency") })
        {
            long Of(string name) => figure.GetProperty(name).GetInt64();
            Assert.InRange(Of("p50"), Of("p50AtLeast") + 1, Of("p50AtLeast") * 9 / 8);
            Assert.InRange(Of("p99"), Of("p99AtLeast"), Of("p99AtLeast") * 9 / 8);
            Assert.True(Of("p99") <= Of("max"));
        }

        Assert.Matches("stolen +p50 <= +p99 <= +longest +calls +resched +timers +irq_work", Run(Sample).Text);
    }

    [Theory]
    [InlineData("wl*", 82, 77, 0)]
    [InlineData("177", 0, 77, 0)]
    [InlineData("sh", 0, 0, 6)]
    [InlineData("w*l,sh,999", 82, 77, 6)]
    public void Breaks_can_be_those_of_some_interrupted_tasks_only(string tasks, int onCpu2, int onCpu3, int onCpu1)
    {
        var settings = Sample with { Tasks = TaskFilter.Parse(tasks) };
        var (status, text, _) = Run(settings);

        Assert.Equal(ExitStatus.Done, status);
        Assert.Contains($"breaks of {tasks} only", text, StringComparison.Ordinal);
        foreach (var (cpu, count) in new[] { (1, onCpu1), (2, onCpu2), (3, onCpu3) })
        {
            var said = count == 0 ? "no breaks of user mode" : $"{count} breaks of user mode";
            Assert.Contains($"CPU {cpu}: {said}", text, StringComparison.Ordinal);
            Assert.True(FailCondition.TryParse($"cpu={cpu} breaks={count}", out var condition, out _));
            Assert.Equal(ExitStatus.Violated, Run(settings with { FailOn = [condition] }).Status);
        }

        using var all = JsonDocument.Parse(Run(Sample with { Json = true }).Text);
        using var some = JsonDocument.Parse(Run(settings with { Json = true }).Text);
        static string Kicks(JsonDocument document) =>
            document.RootElement.GetProperty("reports")[0].GetProperty("selection").GetProperty("cpus")[2]
                .GetProperty("kicks").GetRawText();
        Assert.Equal(Kicks(all), Kicks(some));
        Assert.All(
            some.RootElement.GetProperty("reports")[0].GetProperty("worstBreaks").EnumerateArray(),
            worst => Assert.True(
                (onCpu2 > 0 && worst.GetProperty("task").GetString() == "wl-176")
                    || (onCpu3 > 0 && worst.GetProperty("task").GetString() == "wl-177")
                    || (onCpu1 > 0 && worst.GetProperty("task").GetString() == "sh-169")
            )
        );
    }

    [Fact]
    public void A_task_that_the_trace_does_not_have_is_told()
    {
        var (status, _, errors) = Run(Sample with { Tasks = TaskFilter.Parse("nobody") });

        Assert.Equal(ExitStatus.WrongInput, status);
        Assert.Contains("the trace has no task 'nobody'", errors, StringComparison.Ordinal);
        Assert.Null(TaskFilter.Parse("a,,b"));
    }

    [Fact]
    public void Progress_says_what_is_done_and_to_what()
    {
        using var trace = Lazykick.Cli.Report.Sample.Open();
        Assert.Equal(
            "lazykick: reading trace.dat, so far the first 9.1 s of it",
            new ProgressLine("trace.dat", new TraceTimes(trace)).Text(9_100_000_000)
        );
    }

    private static string Unwrapped(string text) => string.Join(' ', text.Split((char[]?)null, Options));

    private const StringSplitOptions Options = StringSplitOptions.RemoveEmptyEntries;

    [Theory]
    [InlineData("13.7", false, "13.7")]
    [InlineData("+0.5", true, "0.5")]
    [InlineData("0", false, "0")]
    public void Times_are_seconds_of_the_clock_or_after_the_first_event(string text, bool relative, string seconds)
    {
        Assert.True(TimePoint.TryParse(text, out var point));
        Assert.Equal(
            (decimal.Parse(seconds, CultureInfo.InvariantCulture), relative),
            (point.Seconds, point.IsRelative)
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("soon")]
    [InlineData("1e9")]
    [InlineData("99999999999")]
    public void Other_times_are_refused(string text) => Assert.False(TimePoint.TryParse(text, out _));

    private static (int Status, string Text, string Errors) Run(ReportSettings settings)
    {
        using var json = new MemoryStream();
        using var text = new StringWriter { NewLine = "\n" };
        using var errors = new StringWriter();
        var status = new ReportRun(settings, errors, CancellationToken.None).Execute(
            json,
            new Terminal(text, isTerminal: false)
        );
        return (status, settings.Json ? Encoding.UTF8.GetString(json.ToArray()) : text.ToString(), errors.ToString());
    }
}
