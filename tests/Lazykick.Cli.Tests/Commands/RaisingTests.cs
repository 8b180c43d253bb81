using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests.Commands;

/// <summary>What the bound on accesses in flight hides is looked for, and what it may hide is said.</summary>
public sealed class RaisingTests
{
    // Message passing over so many stores that all of them must be in flight for the flag to overtake the data.
    private static string Scheme(int between, string barrier) =>
        $"""
            scheme far "the flag is stored {between} stores after the data"
            arch arm64
            shared data : bit
            shared flag : bit
            {string.Concat(Enumerable.Range(0, between).Select(i => $"shared s{i} : bit\n"))}private r : bit
            state eqs = task or away
            place task
            place away
            role writer
                starts task
                takes writes
            role reader
                starts away
                takes reads
            cpus writer reader
            promises P
            path writes from task
                data := 1
            {string.Concat(Enumerable.Range(0, between).Select(i => $"    s{i} := 1\n"))}    {barrier}
                flag := 1
                linger "written"
            path reads from away
                wait flag = 1 acquire
                r := data
                assert r = 1 for P "the data is there"
                linger "read"

            """.Replace("\n    \n", "\n", StringComparison.Ordinal);

    [Fact]
    public void A_race_that_needs_more_accesses_in_flight_is_found_by_itself()
    {
        var run = Check(Scheme(3, ""));
        Assert.Equal(1, run.Status);
        // The first line is the last word; what held until then is progress.
        Assert.StartsWith("BROKEN: P (2 CPUs, arm)\n", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("HOLDS", run.Output, StringComparison.Ordinal);
        Assert.Contains("\n5 accesses in flight: BROKEN: P, ", run.Output, StringComparison.Ordinal);
        Assert.Contains(" holds with 4 accesses in flight on a CPU; trying 5\n", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_more_accesses_change_nothing_it_goes_on_until_that_is_known()
    {
        var run = Check(Scheme(4, "dsb"));
        Assert.Equal(0, run.Status);
        var lines = run
            .Output.Split('\n')
            .Where(l => l.Contains(" accesses in flight: ", StringComparison.Ordinal))
            .ToList();
        Assert.NotEmpty(lines);
        Assert.All(lines, l => Assert.Contains("the same answer", l, StringComparison.Ordinal));
        Assert.Contains(
            "no CPU lacked room for more, so it holds of any number",
            lines[^1],
            StringComparison.Ordinal
        );
        // What a bound assumed that was raised is no assumption any more.
        Assert.DoesNotContain("at most ", run.Output, StringComparison.Ordinal);
        Assert.Contains("\nin flight: no CPU lacked room for more than ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void As_many_states_as_before_is_no_proof_and_not_said_to_be_one()
    {
        // With 7 accesses in flight it has more states than with 5 and 6.
        var run = LazykickProcess.Run("check", "lazysync", "--memory", "arm", "--cpus", "2");
        Assert.Contains(
            "6 accesses in flight: the same answer, no more states; a CPU lacked room for more, 31,020 states",
            run.Output,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "7 accesses in flight: the same answer; no CPU lacked room for more, so it holds of any number, 32,376",
            run.Output,
            StringComparison.Ordinal
        );
        // All that is shown is of the last one.
        Assert.Contains("\n32,376 states, ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Diff_raises_the_bound_too_and_keeps_one_that_was_asked_for()
    {
        var (broken, mended) = (Scheme(3, ""), Scheme(3, "dsb"));
        var raised = Diff(broken, mended);
        Assert.Equal(1, raised.Status);
        Assert.StartsWith("DIFFERENT: P\n", raised.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("more than 4 accesses in flight", raised.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("at most 4 accesses in flight", raised.Output, StringComparison.Ordinal);
        var kept = Diff(broken, mended, "--in-flight", "4");
        Assert.Equal(0, kept.Status);
        Assert.Contains("at most 4 accesses in flight, which was reached", kept.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_the_bound_is_not_reached_nothing_is_raised()
    {
        var run = Check(Scheme(0, ""));
        Assert.Equal(1, run.Status);
        Assert.DoesNotContain("accesses in flight: ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bound_that_was_asked_for_is_kept_and_named()
    {
        var run = Check(Scheme(3, ""), "--in-flight", "4");
        Assert.Equal(0, run.Status);
        Assert.DoesNotContain("accesses in flight: ", run.Output, StringComparison.Ordinal);
        Assert.Contains("that was reached, and a larger", run.Output, StringComparison.Ordinal);
    }

    private static LazykickRun Check(string scheme, params string[] options) =>
        Run("check", [scheme], options);

    private static LazykickRun Diff(string one, string other, params string[] options) =>
        Run("diff", [one, other], options);

    private static LazykickRun Run(string command, string[] schemes, string[] options)
    {
        var files = schemes
            .Select(_ => Path.Combine(Path.GetTempPath(), $"lazykick-{Guid.NewGuid():N}.kick"))
            .ToArray();
        foreach (var (file, scheme) in files.Zip(schemes))
            File.WriteAllText(file, scheme);
        try
        {
            return LazykickProcess.Run([command, .. files, .. options]);
        }
        finally
        {
            Array.ForEach(files, File.Delete);
        }
    }
}
