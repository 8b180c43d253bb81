namespace Lazykick.Checking.Tests.Naive.Rules;

/// <summary>Schemes of a few lines, each around one rule of docs/reference/machine.md.</summary>
internal static class RuleScheme
{
    private const string Head = """
        scheme test "one rule"
        place task

        """;

    /// <summary>
    /// A scheme whose CPU0 starts at <c>task</c> and takes every path of the text; all other CPUs rest in user mode.
    /// </summary>
    public static NaiveResult Check(string text, int cpus = 1) => Run("starts task", text, cpus);

    /// <summary>The same, but CPU0 starts in user mode.</summary>
    public static NaiveResult CheckFromUser(string text, int cpus = 1) => Run("starts user", text, cpus);

    /// <summary>A scheme that says all by itself, but for its header and the place <c>task</c>.</summary>
    public static NaiveResult CheckWhole(string text, int cpus) =>
        NaiveChecker.Run(SchemeText.Load(Head + text), new Dictionary<string, int>(), cpus);

    /// <summary>The same as <see cref="Check"/>, and the engine agrees with it in all that it finds.</summary>
    public static NaiveResult Both(string text)
    {
        var whole = Whole("starts task", text);
        var scheme = SchemeText.Load(Head + whole);
        Assert.Empty(EngineComparison.Differences(scheme, new Dictionary<string, string>(), 2, 100_000)!);
        return CheckWhole(whole, 2);
    }

    /// <summary>
    /// M26, for both machines: a kicker sends a message, and its kick, which does one step, returns for the message. It
    /// needs a header and the place <c>task</c>.
    /// </summary>
    public static string MessageBeforeKick(string step) =>
        $"""
            message work
            shared served : bit
            private m : irq
            role kicker
                starts task
                takes p
            role target
                starts user
                takes q
            cpus kicker target
            kick k
                {step}
            path p from task
                for t in others: send work to t
                kick k returns work
                repeat: linger "once"
            path q on irq from user
                exception
                discover m
                when m = work: served := 1
                eret
            """;

    private static NaiveResult Run(string starts, string text, int cpus) => CheckWhole(Whole(starts, text), cpus);

    private static string Whole(string starts, string text)
    {
        var paths = text.Split('\n')
            .Where(l => l.StartsWith("path ", StringComparison.Ordinal))
            .Select(l => l.Split(' ')[1]);
        var roles = $"""
            role acting
                {starts}
                takes {string.Join(", ", paths)}
            role resting
                starts user
            cpus acting resting

            """;
        return roles + text;
    }
}
