namespace Lazykick.Checking.Tests.Naive;

/// <summary>M21: one bit <em>stale</em> stands for the set of versions that a fetch may return.</summary>
public class VersionSetTests
{
    /// <summary>A kicker that patches for ever, and a target with parts that are left out one by one.</summary>
    private const string Template = """
        scheme versions "patches again and again"
        message ipi
        percpu watching : bit = 1
        shared done : bit
        private m : irq
        text site
        state eqs = watching = 0
        knob entry_isb = on
        knob exit_isb = on
        knob poke_isb = on
        knob clean = on
        knob ask = on
        role kicker
            starts user
            takes poke
        role target
            starts user
            takes svc, irq
        cpus kicker target
        path poke from user
            x86_exception
            write site; dc site when clean; ic site; isb when poke_isb
            kick k returns site
            sysret
        path svc from user
            x86_exception
            isb when entry_isb
            rmw watching := 1 full
            isb when exit_isb
            body
            unmask I
            step open
            mask I
            rmw watching := 0 full
            sysret
        path irq on irq from kernel
            x86_exception
            discover m
            isb
            done := 1 when m = ipi
            sysret
        policy lazy
            skip t when watching[t] = 0 and ask
        private mask : set
        kick k
            mask := {}
            for t in others: select t into mask by lazy
            done := 0
            for t in mask:
                send ipi to t
                wait done = 1
        """;

    public static TheoryData<string> Settings() =>
        ["", "entry_isb", "exit_isb", "entry_isb exit_isb", "poke_isb", "clean", "ask", "ask exit_isb entry_isb"];

    [Theory]
    [MemberData(nameof(Settings))]
    public void M21SetsOfVersionsGiveTheSameVerdictsAndWindows(string off)
    {
        var scheme = SchemeText.Load(Template);
        var knobs = off.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .ToDictionary(k => k, _ => 0, StringComparer.Ordinal);
        var bits = NaiveChecker.Run(scheme, knobs, 2);
        var sets = NaiveChecker.RunWithVersions(scheme, knobs, 2, writes: 4);
        Assert.Equal(bits.Verdicts.Where(v => v.Key != "S8"), sets.Verdicts.Where(v => v.Key != "S8"));
        Assert.Equal(bits.Positions, sets.Positions);
        Assert.True(sets.States > bits.States);
    }

    [Fact]
    public void TheSettingsDifferInTheirVerdicts()
    {
        var scheme = SchemeText.Load(Template);
        var lengths = Settings()
            .Select(s =>
                NaiveChecker
                    .Run(
                        scheme,
                        s.Data.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                            .ToDictionary(k => k, _ => 0, StringComparer.Ordinal),
                        2
                    )
                    .Verdicts["S1"]
            );
        Assert.True(lengths.Distinct().Count() >= 3, string.Join(' ', lengths));
    }
}
