namespace Lazykick.Cli.Help;

/// <summary>Calls that help and the manual page show, by command. A test parses each of them.</summary>
internal static class Examples
{
    private static readonly Dictionary<string, (string Call, string What)[]> s_all = new(StringComparer.Ordinal)
    {
        ["lazykick"] =
        [
            ("lazykick check v2 --set patch4=off --memory sc", "draw the race that the 2018 review found"),
            ("lazykick report", "read a part of a real trace that comes with lazykick"),
            ("lazykick watch --cpus 2-3", "see what interrupts CPU 2 and 3, now"),
        ],
        ["check"] =
        [
            ("lazykick check v2", "a scheme of the catalogue, under its own memory model"),
            ("lazykick check v2 --set dsb=on", "the same with a knob turned"),
            ("lazykick check mine.kick --cpus 3 --memory sc", "a file of your own, three CPUs, interleavings only"),
            ("lazykick check v2 --property S1 --moves", "one property, every move of the race drawn"),
            (
                "lazykick check v2 --html v2.html --against dsb=on",
                "a page to step through, the mended scheme beside it"
            ),
            ("lazykick check v2 --memory sc --sweep patch3,patch4,gic", "verdicts over all combinations of knobs"),
            ("lazykick check schemes/*.kick --expected --junit out.xml", "for a CI: as expected, or status 1"),
        ],
        ["claims"] =
        [
            ("lazykick claims", "all claims of the thread, a line each"),
            ("lazykick claims 30", "one of them, with the race"),
            ("lazykick claims --memory arm", "what Arm's memory model changes"),
        ],
        ["schemes"] =
        [
            ("lazykick schemes", "list the catalogue"),
            ("lazykick schemes show v2", "print a scheme"),
            ("lazykick schemes lint x86-entry", "which path takes which exception; what is probably not meant"),
            ("lazykick schemes fmt mine.kick", "lay a file out: four spaces a level, one space between words"),
        ],
        ["litmus"] =
        [
            ("lazykick litmus SB.litmus", "the states that the test can end in"),
            ("lazykick litmus --brief tests/*.litmus", "one line a test, in herd's words"),
        ],
        ["export"] =
        [
            ("lazykick export v2 --litmus", "the race as a litmus test for herd7"),
            ("lazykick export v2 --litmus --against dsb=on", "and its twin, which is forbidden"),
            ("lazykick export v2 --promela -o v2.pml", "the whole scheme as a model for Spin"),
            ("lazykick export field/wfi-lost --dot --memory sc", "a small space as a graph"),
        ],
        ["repair"] =
        [
            ("lazykick repair v2", "the least that mends it, and what in it is not needed"),
            ("lazykick repair v2 --set patch4=off --parts 1 --memory sc", "single additions, in a few seconds"),
        ],
        ["diff"] =
        [
            ("lazykick diff v2 --against dsb=on", "what a knob changes, and the race that tells the two apart"),
            ("lazykick diff v1 v2 --memory sc", "two schemes"),
            ("lazykick diff v2 mine.kick --property S1 --json", "for a CI: status 0 only if S1 comes out the same"),
        ],
        ["replay"] =
        [
            ("lazykick check v2 --save race.json", "save the race that is drawn"),
            ("lazykick replay race.json", "step through it: keys on a terminal, everything in a pipe"),
        ],
        ["merge"] =
        [
            ("lazykick merge part-*.json", "the matrix of check --sweep --shard i/n --json"),
            ("lazykick merge part-*.json --json", "the same as one document, which can be merged again"),
        ],
        ["record"] =
        [
            ("lazykick record --check", "what this machine can tell, and what to change"),
            ("lazykick record --cpus 2-3 --for 10s -o trace.dat", "ten seconds of two isolated CPUs"),
            ("lazykick record --cpus 2-3 --until-break 50us -o trace.dat", "stop at the first break above 50 us"),
        ],
        ["watch"] =
        [
            ("lazykick watch --cpus 2-3", "a live screen; q ends it"),
            ("lazykick watch --json", "a JSON document a second"),
        ],
        ["serve"] =
        [
            ("lazykick serve --cpus 2-3", "metrics at http://127.0.0.1:9731/metrics"),
            ("lazykick serve --listen 0.0.0.0:9731", "the same, for other machines"),
        ],
        ["report"] =
        [
            ("lazykick report", "the embedded sample"),
            ("lazykick report trace.dat --cpus 2-3", "two CPUs of a recording"),
            ("lazykick report trace.dat --html report.html", "a page with the timeline, for a browser"),
            ("lazykick report --diff before.dat after.dat", "what a change has brought"),
        ],
        ["audit"] =
        [
            ("lazykick audit /boot/vmlinuz", "sites in the windows of a kernel image"),
            ("lazykick audit vmlinuz --scheme v2", "what a scheme would do with this kernel"),
        ],
        ["demo"] = [("lazykick demo --seconds 1", "needs Linux and two CPUs")],
        ["completion"] =
        [
            ("lazykick completion bash", "write it to ~/.local/share/bash-completion/completions/lazykick"),
        ],
        ["man"] = [("lazykick man", "write it to ~/.local/share/man/man1/lazykick.1")],
    };

    /// <summary>Names of the commands that have examples.</summary>
    public static IEnumerable<string> Commands => s_all.Keys;

    /// <summary>Those of one command; none for a command that has none.</summary>
    public static IReadOnlyList<(string Call, string What)> Of(string command) =>
        s_all.TryGetValue(command, out var examples) ? examples : [];
}
