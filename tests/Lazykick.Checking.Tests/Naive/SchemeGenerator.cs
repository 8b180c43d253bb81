using System.Text;

namespace Lazykick.Checking.Tests.Naive;

/// <summary>Random schemes that load without errors and use the whole language, small enough to explore.</summary>
internal sealed class SchemeGenerator(int seed)
{
    private readonly Random _random = new(seed);
    private readonly StringBuilder _text = new();
    private bool _hasClasses;
    private bool _ownText;
    private bool _hasLocks;
    private bool _hasValues;
    private bool _hasQueues;
    private bool _hasKinds;

    /// <summary>A <c>dsb</c> stands before every step, so that nothing is ever in flight beside it.</summary>
    public bool IsFenced { get; init; }

    /// <summary>The text of the scheme.</summary>
    public string Generate()
    {
        _hasClasses = Chance(3);
        _ownText = Chance(4);
        _hasValues = !IsFenced && seed % 3 == 1;
        _hasLocks = !IsFenced && seed % 3 == 0;
        _hasQueues = !IsFenced && seed % 3 == 2;
        _hasKinds = !IsFenced && seed % 4 == 1;
        Line(0, $"scheme random{seed} \"seed {seed}\"");
        Line(0, $"knob k = {Pick("on", "off")}");
        Line(0, $"knob kind : a | b | third_kind = {Pick("a", "b", "third_kind")}");
        if (Chance(4))
            Line(0, $"knob {Pick("eis", "eos")} = off");
        Line(0, "message ipi");
        var kind = _hasKinds ? Pick(" on nmi", " on fiq", " on irq off when lazy", " off when user") : "";
        Line(0, $"message nudge{kind}");
        if (_hasKinds && Chance(2))
            Line(0, $"nesting {Pick("1", "3", "4")}");
        Line(0, "mapping area");
        Line(0, $"place task{(_hasClasses && Chance(2) ? " runs rare" : "")}");
        Line(0, $"shared s : 0..2 = {_random.Next(3)}");
        Line(0, $"percpu w : bit = {Pick("0", "1", "not lazy", "not user", "k")}");
        Line(0, "pairwise c : bit");
        Line(0, $"percpu o : 1..2{Pick("", " = 2")}");
        Line(0, "private p : bit");
        Line(0, "private old : 0..2");
        Line(0, $"private e : red | green = {Pick("red", "green")}");
        Line(0, "private m : irq");
        Line(0, $"private mask : set = {Pick("{}", "{self}")}");
        Line(0, "ghost g : bit");
        if (_hasValues)
        {
            Line(0, "shared z : 1..3 wraps");
            Line(0, "private q : 0..2 wraps = 1");
        }

        if (_hasQueues)
        {
            Line(0, "percpu y : queue 2 of red | green");
            Line(0, "private y1 : queue 2 of red | green");
            Line(0, "shared y2 : queue 1 of 1..2");
        }

        if (_hasLocks)
        {
            Line(0, "shared l : lock");
            Line(0, "percpu d : lock");
        }

        Line(0, $"{(_ownText ? "percpu " : "")}text site{(_hasClasses ? " : ordinary | rare" : "")}");
        Line(0, $"state eqs = {Pick("w = 0", "user and w = 0", "lazy and w = 0", "w = 0 or task", "not busy")}");
        Line(0, "state busy = w = 1");
        Roles();
        Block("routine inner", 1, 2);
        Block("routine outer", 1, 3, canCall: true);
        Policy();
        Block("kick k1", 1, 3, canCall: true);
        Fence(1);
        if (Chance(2))
            Line(1, Pick("for t in others: send ipi to t", "for t in mask: send ipi to t", "wait w = 1", "call outer"));
        Fence(1);
        Path(
            "poke",
            "",
            "task",
            [
                "write site" + (_hasClasses ? Pick(" as ordinary", " as rare") : ""),
                "dc site",
                "ic site",
                Pick("isb", "dsb"),
            ],
            [$"kick k1 returns {Pick("site", "site", "area", "ipi", "s", "site, ipi", "w, area, site")}"]
        );
        Path("svc", "", "user", [], []);
        Path("loop", "", "task", [], []);
        Path("irq_user", " on irq", "user", [], []);
        Path(
            "irq_kernel",
            " on irq",
            "kernel",
            [],
            Chance(5) ? ["for t in others: send nudge to t"]
                : Chance(12) ? ["kick k1"]
                : []
        );
        var trigger = _hasKinds ? Pick("nmi", "fiq", "nmi") : Pick("nmi", "debug", "brk", "serror");
        Path("other", $" on {trigger}", Pick("kernel", "kernel", "task", "user"), [], []);
        return _text.ToString();
    }

    private void Roles()
    {
        Line(0, "role first");
        Line(1, $"starts {Pick("task", "task", "user", "task, user")}");
        Line(1, $"takes poke{Pick("", ", loop", ", irq_kernel", ", svc when k")}");
        Line(0, "role second");
        if (Chance(2))
            Line(1, "is lazy");
        else
            Line(1, "is other_flag");
        Line(1, $"starts {Pick("task", "user", "user")}");
        if (Chance(3))
            Line(1, "starts task, user when k");
        var paths = Pick(
            "svc",
            "svc, irq_user",
            "svc, irq_user, irq_kernel",
            "loop, irq_kernel",
            "svc, other",
            "loop, other",
            "irq_user, other"
        );
        Line(1, $"takes {paths}");
        Line(0, "role third");
        Line(1, "is lazy");
        Line(1, "starts user");
        Line(1, "takes svc");
        Line(0, "cpus first second");
    }

    private void Policy()
    {
        Line(0, "policy q serves k1");
        if (Chance(2))
        {
            Line(1, $"skip t when {Pick("w[t] = 0", "busy[t] and k", "lazy[t]", "lazy[t] and w[t] = 0", "p = 1")}");
            return;
        }

        Line(1, "ask t:");
        if (Chance(2))
            Line(2, SimpleStep());
        if (IsFenced)
            Line(2, "dsb");
        Line(
            2,
            $"when {Pick("w[t] = 0", "busy[t]", "p = 0", "lazy[t] and c[self, t] = 0", "c[t, self] = 1")}: "
                + $"{Pick("skip", "interrupt")}"
        );
        Line(2, $"else: {Pick("skip", "interrupt")}");
    }

    private void Path(
        string name,
        string trigger,
        string from,
        IReadOnlyList<string> before,
        IReadOnlyList<string> after
    )
    {
        Line(0, $"path {name}{trigger} from {from}");
        var isException = trigger.Length > 0 || from == "user";
        if (isException)
            Line(1, Pick("exception", "exception", "x86_exception"));
        if (isException && Chance(2))
            Line(1, Pick("inherit masks", "unmask I", "unmask D A I F"));
        foreach (var step in before)
        {
            if (isException || step != before[0])
                Fence(1);
            Line(1, step);
        }

        Steps(1, before.Count > 0 ? _random.Next(2) : 1 + _random.Next(3), true);
        foreach (var step in after)
        {
            Fence(1);
            Line(1, step);
        }

        if (isException)
            Fence(1);
        if (isException)
            Line(1, Pick("eret", "eret", "iret", "sysret"));
    }

    private void Block(string head, int least, int most, bool canCall = false)
    {
        Line(0, head);
        Steps(1, _random.Next(least, most + 1), canCall);
    }

    private void Steps(int depth, int count, bool canCall)
    {
        for (var i = 0; i < count; i++)
            Step(depth, canCall);
    }

    private void Step(int depth, bool canCall)
    {
        Fence(depth);
        if (_hasValues && Chance(3))
        {
            Line(
                depth,
                Pick(
                    "rmw z := z + 1 full",
                    "rmw z := if z = 2 then z else z - 1 acquire",
                    "q := q - 1",
                    "p := if z = 2 then 1 else 0",
                    "p := if k then w else 1",
                    "p := if s > 0 then 1 else 0",
                    "e := if p = 1 then red else green",
                    "mask := if q = 0 then mask + self else {}",
                    "step a when q + 1 = 0",
                    "assert (if z > q then 1 else p) = 1 for P \"z\"",
                    "rmw s := if s = 0 then 2 else s - 1 full"
                )
            );
            return;
        }

        if (_hasQueues && Chance(3))
        {
            Line(
                depth,
                Pick(
                    "rmw y := y + red full",
                    "rmw y := y + green release",
                    "rmw y1 := y := empty full",
                    "for t in others: rmw y[t] := if p = 1 then y[t] + red else empty full",
                    "rmw y2 := y2 + old full when y2 = empty",
                    "take e := y1 when y1 != empty",
                    "take e := y acquire",
                    "take old := y2 full via llsc",
                    "y1 := empty",
                    "y1 := y acquire",
                    "step a when y1 = empty",
                    "wait y != empty",
                    "assert y2 = empty or e = red for Y \"y\""
                )
            );
            return;
        }

        if (_hasKinds && Chance(4))
        {
            Line(
                depth,
                Pick(
                    "disable nudge",
                    "enable nudge",
                    "disable device",
                    "enable device",
                    "send nudge to self",
                    "mask F",
                    "unmask F"
                )
            );
            return;
        }

        if (_hasLocks && Chance(3))
        {
            var name = Pick("l", "l", "d");
            Line(depth, $"lock {name}{Pick("", " irqsave", " irqsave")}");
            Line(depth, Pick(SimpleStep(), "p := 1", $"step a when {name} = free"));
            Line(depth, $"unlock {name}");
            return;
        }

        switch (_random.Next(depth > 2 ? 4 : 14))
        {
            case 8:
                Line(depth, $"when {Condition()}:");
                Steps(depth + 1, 1, canCall);
                if (Chance(2))
                {
                    Line(depth, "else:");
                    Steps(depth + 1, 1, canCall);
                }

                break;
            case 9:
                Line(depth, "either:");
                Steps(depth + 1, 1, canCall);
                Line(depth, "or:");
                Steps(depth + 1, _random.Next(2), canCall);
                break;
            case 10:
                Line(
                    depth,
                    "for t in "
                        + $"{Pick("others", "all", "mask", "others - {self}", "mask + self")}"
                        + $"{Pick("", "", " any order")}:"
                );
                Fence(depth + 1);
                Line(
                    depth + 1,
                    Pick(
                        "select t into mask by q",
                        "select t into mask by q",
                        "send ipi to t",
                        "c[self, t] := 1",
                        "wait c[self, t] = 0 acquire",
                        IsFenced ? "w[t] := 0" : "w[t] := 0 when w[t] = 1",
                        "step a when lazy[t]",
                        "mask := mask - t",
                        "p := 1 when t in mask"
                    )
                );
                break;
            case 11:
                Line(depth, "repeat:");
                Fence(depth + 1);
                Line(depth + 1, Pick("discover m", "p := 1 - p", "isb"));
                Fence(depth + 1);
                Line(depth + 1, Pick("break when m = none", "break when p = 1", "break when s = 0", "break"));
                break;
            case 12:
                if (!canCall)
                    goto default;
                Line(depth, $"call inner{Pick("", " uses rcu", " clobbers x0")}");
                break;
            case 13:
                if (_hasClasses)
                {
                    Line(depth, $"section {Pick("ordinary", "rare")}:");
                    Steps(depth + 1, 1, canCall);
                    break;
                }

                goto default;
            case 0:
                Line(depth, "together:");
                Line(depth + 1, Pick("mask I", "isb", "clobber x0", "exception"));
                Line(
                    depth + 1,
                    Pick("p := 1 - p", "use x0", "inherit masks", "assert p = 0 for T \"t\"")
                        + Pick("", "", " when k", " when lazy and not k", " when kind != b")
                );
                break;
            default:
                var simple = SimpleStep() + (Chance(6) ? $" when {Condition()}" : "");
                Line(depth, IsFenced ? simple.Split(" when ")[0] : simple);
                break;
        }
    }

    private string SimpleStep() =>
        Pick(
            "body",
            "body",
            "step a",
            "run key",
            "use rcu",
            "call \"c\" uses rcu",
            "call \"c\" clobbers x0-x3",
            "use x0",
            "clobber x0",
            "restore x0 x1",
            "isb",
            "dsb",
            "smp_mb",
            "mask I",
            "unmask I",
            "mask D",
            "unmask D A I F",
            "rmw w := 1 full",
            "rmw w := 0 full",
            "rmw w := 1 - w relaxed",
            "w := 0",
            "w := 1 release",
            "p := w acquire",
            "p := 0",
            "p := 1 - p",
            "rmw s := 0 full",
            "rmw s := 2 - s full",
            "cas p := s : 0 -> 1 full",
            "cas p := w : 1 -> 0 release",
            "e := red",
            "e := green",
            "mask := others",
            "mask := mask + self",
            "mask := {}",
            "alloc o := 2",
            "drain old := o",
            "free o",
            "old := o",
            "o := 2",
            "rmw o := 1 full",
            "unmap area",
            "touch area",
            "touch area",
            "flush area",
            "tlbi area",
            "discover m in order",
            "discover m",
            "send ipi to self",
            "wfi",
            "linger \"on\"",
            "guest",
            "g := w",
            "g := 1",
            "assert g = 0 for P \"g\"",
            "assert w = 1 or p = 0 for Q \"w\"",
            "assert not (eqs and task) for R \"r\"",
            "wait w = 1",
            "wait s != 0",
            "wait p = 0",
            "rmw old := s := 1 full",
            "serialize",
            "exception",
            "eret"
        );

    private string Condition() =>
        Pick(
            "p = 0",
            "p = 1",
            "w = 1",
            "s = 0",
            "s > 0",
            "k",
            "not k",
            "kind = a",
            "kind != b and p = 0",
            "lazy",
            "lazy and w = 0",
            "not lazy or w = 1",
            "e = red",
            "m = ipi",
            "m != none",
            "self in mask",
            "mask = {}",
            "busy",
            "k and s = 1",
            "p + 1 = 2",
            "kind = third_kind or busy",
            _hasClasses ? "site = rare" : "p = 0"
        );

    private void Fence(int depth)
    {
        if (IsFenced)
            Line(depth, "dsb");
    }

    private void Line(int depth, string text) => _text.Append(' ', 4 * depth).Append(text).Append('\n');

    private string Pick(params ReadOnlySpan<string> items) => items[_random.Next(items.Length)];

    private bool Chance(int oneIn) => _random.Next(oneIn) == 0;
}
