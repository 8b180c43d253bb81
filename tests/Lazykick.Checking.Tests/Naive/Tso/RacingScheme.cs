using System.Text;

namespace Lazykick.Checking.Tests.Naive.Tso;

/// <summary>
/// Random schemes in which each of two CPUs stores and then looks at what the other stores: under tso both may see what
/// was before, unless a barrier stands between. What the first CPU does then is what S2, S3, S4, S9 or an assertion
/// judges; the second does its part in a path of its own or in an interrupt.
/// </summary>
internal sealed class RacingScheme(int seed)
{
    private readonly Random _random = new(seed);
    private readonly StringBuilder _text = new();

    /// <summary>The property that the scheme is about.</summary>
    public string Property { get; private set; } = "";

    public string Generate()
    {
        Property = Pick("S2", "S3", "S4", "S9", "P");
        Line(0, $"scheme racing{seed} \"seed {seed}\"");
        Line(0, "message ipi");
        Line(0, "message work");
        Line(0, "mapping area");
        Line(0, "place task");
        Line(0, "place away");
        Line(0, "shared x : 0..2");
        Line(0, "shared noise : bit");
        Line(0, "shared object : 0..2 = 1");
        Line(0, "percpu busy : bit");
        Line(0, "private r : 0..2");
        Line(0, "private p : bit");
        Line(0, "private old : 0..2");
        Line(0, "private m : irq");
        Line(0, "ghost missed : bit");
        Line(0, "state eqs = busy = 0");
        Line(0, "role first");
        Line(1, "starts task");
        Line(1, "takes change");
        Line(0, "role second");
        Line(1, "starts away");
        var isInterrupt = _random.Next(3) == 0;
        Line(1, isInterrupt ? "takes use" : $"takes use{Pick("", ", handle")}");
        Line(0, "cpus first second");
        Asks();
        Line(0, "kick k");
        Barrier(1);
        Noise(1);
        Line(1, "for t in others: select t into mask by asks");
        Line(1, "for t in mask: wait busy[t] = 0");
        Line(0, "path change from task");
        Changes();
        Line(1, "repeat: linger \"done\"");
        Line(0, isInterrupt ? "path use on irq from kernel" : "path use from away");
        if (isInterrupt)
            Line(1, "x86_exception");
        Noise(1);
        Uses();
        if (isInterrupt)
            Line(1, Pick("iret", "sysret"));
        else
            Line(1, "repeat: linger \"done\"");
        Line(0, "path handle on irq from kernel");
        Line(1, "x86_exception");
        Line(1, "discover m");
        Noise(1);
        Line(1, "m := none");
        Line(1, Pick("iret", "sysret"));
        return _text.ToString();
    }

    private void Asks()
    {
        Line(0, "private mask : set");
        Line(0, "policy asks serves k");
        if (_random.Next(2) == 0)
        {
            Line(1, "skip t when busy[t] = 0");
            return;
        }

        Line(1, "ask t:");
        Line(2, "when busy[t] = 0: skip");
        Line(2, "else: interrupt");
    }

    /// <summary>The change, the kick, and what rests on it.</summary>
    private void Changes()
    {
        switch (Property)
        {
            case "S2":
                Line(1, "x := 1");
                Noise(1);
                Line(1, "kick k returns x");
                break;
            case "S3":
                Line(1, "x := 1");
                Line(1, "kick k");
                Line(1, Pick("free object", "drain old := object"));
                break;
            case "S4":
                Line(1, Pick("x := 1", "step nothing"));
                Line(1, "for t in others: send work to t");
                Line(1, "kick k returns work");
                break;
            case "S9":
                Line(1, "unmap area");
                Noise(1);
                if (_random.Next(4) == 0)
                    Line(1, "tlbi area");
                Line(1, "kick k returns area");
                break;
            default:
                Line(1, "x := 1");
                Line(1, "kick k");
                Line(1, "assert missed = 0 for P \"the other CPU is out, or has seen the change\"");
                break;
        }
    }

    /// <summary>The second CPU says that it is busy, and uses what it finds.</summary>
    private void Uses()
    {
        Line(1, Pick("busy := 1", "busy := 1", "busy := 1 release", "rmw busy := 1 full"));
        if (_random.Next(3) == 0)
            Barrier(1);
        switch (Property)
        {
            case "S2":
                Line(1, "r := x");
                break;
            case "S3":
                Line(1, "r := x");
                Line(1, $"when r = 0: {Pick("old := object", "object := 2", "rmw object := 2 full")}");
                break;
            case "S4":
                Line(1, "r := x");
                Line(1, Pick("discover m", "when r = 0: discover m"));
                Line(1, "m := none");
                break;
            case "S9":
                Line(1, Pick("flush area", "flush area", "touch area"));
                Line(1, "touch area");
                if (_random.Next(2) == 0)
                    Line(1, "touch area");
                break;
            default:
                Line(1, "r := x");
                Line(1, "missed := 1 when r = 0");
                break;
        }

        Noise(1);
        if (Property == "P")
            Line(1, "missed := 0");
        Line(1, Pick("busy := 0", "busy := 0 release", "rmw busy := 0 full"));
        Line(1, "r := 0");
    }

    private void Barrier(int depth)
    {
        if (_random.Next(2) == 0)
            Line(depth, Pick("smp_mb", "dsb", "smp_wmb", "smp_rmb", "isb"));
    }

    private void Noise(int depth)
    {
        if (_random.Next(2) == 0)
            Line(depth, Pick("p := 1 - p", "noise := 1", "p := noise", "rmw noise := 0 full", "body", "step nothing"));
    }

    private void Line(int depth, string text) => _text.Append(' ', 4 * depth).Append(text).Append('\n');

    private string Pick(params ReadOnlySpan<string> items) => items[_random.Next(items.Length)];
}
