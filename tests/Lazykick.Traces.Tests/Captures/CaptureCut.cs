using System.Globalization;
using System.Text;
using Lazykick.Traces.States;

namespace Lazykick.Traces.Tests.Captures;

/// <summary>
/// One phase of a real capture, cut out of it with its sub-buffers as recorded
/// (<c>tests/data/captures/CAPTURE/PHASE.dat.zst</c>), and the counts beside it that were made without Lazykick
/// (<c>PHASE.expected</c>).
/// </summary>
internal sealed class CaptureCut
{
    private static readonly Dictionary<(string, string), CaptureCut> s_read = [];
    private static readonly Lock s_lock = new();

    private CaptureCut(string capture, string phase)
    {
        Capture = capture;
        Phase = phase;
        File = System.IO.Path.Combine(Root, capture, phase + ".dat.zst");
        foreach (var line in System.IO.File.ReadLines(System.IO.Path.Combine(Root, capture, phase + ".expected")))
        {
            var words = line.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            switch (words)
            {
                case []:
                    break;
                case ["span", var begin, var end]:
                    (Begin, End) = (Seconds(begin), Seconds(end));
                    break;
                case ["queued", var function, var cpu, "=", var count]:
                    Queued.Add($"{function} to {cpu}", Number(count));
                    break;
                case ["sent", var site, "=", var count]:
                    Sent.Add(site, Number(count));
                    break;
                case ["interrupts", var cpu, var cause, "=", var count]:
                    Interrupts.Add(((int)Number(cpu), Cause(cause)), Number(count));
                    break;
                case ["hits", var cpu, var cause, var state, "=", var count]:
                    Hits.Add(((int)Number(cpu), Cause(cause), State(state)), Number(count));
                    break;
                case ["lazy", var cpu, ("skips" or "sends") and var decision, "=", var count]:
                    Decisions.Add(((int)Number(cpu), decision == "skips"), Number(count));
                    break;
                default:
                    throw new FormatException($"{capture}/{phase}.expected: '{line}'");
            }
        }
    }

    public static string Root { get; } = FindRoot();

    /// <summary>Every cut in the repository.</summary>
    public static TheoryData<string, string> All
    {
        get
        {
            var data = new TheoryData<string, string>();
            var files = Directory.EnumerateFiles(Root, "*.expected", SearchOption.AllDirectories);
            foreach (var file in files.Order(StringComparer.Ordinal))
            {
                var capture = System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(file))!;
                data.Add(capture, System.IO.Path.GetFileNameWithoutExtension(file));
            }

            return data;
        }
    }

    public string Capture { get; }

    public string Phase { get; }

    /// <summary>The trace.</summary>
    public string File { get; }

    /// <summary>When the phase begins and ends, in seconds of the trace clock.</summary>
    public double Begin { get; }

    public double End { get; }

    /// <summary>csd_queue_cpu events by <c>FUNCTION to CPU</c>.</summary>
    public SortedDictionary<string, long> Queued { get; } = new(StringComparer.Ordinal);

    /// <summary>Interrupts sent by other CPUs, by the function that called.</summary>
    public SortedDictionary<string, long> Sent { get; } = new(StringComparer.Ordinal);

    /// <summary>Interrupts that entered a CPU.</summary>
    public Dictionary<(int Cpu, EntryCause Cause), long> Interrupts { get; } = [];

    /// <summary>What the kernel's stacks at these entries show.</summary>
    public Dictionary<(int Cpu, EntryCause Cause, CpuState State), long> Hits { get; } = [];

    /// <summary>Decisions of a kernel that really skips (or says where it would have).</summary>
    public Dictionary<(int Cpu, bool Skips), long> Decisions { get; } = [];

    public static CaptureCut Of(string capture, string phase)
    {
        lock (s_lock)
        {
            if (!s_read.TryGetValue((capture, phase), out var cut))
                s_read.Add((capture, phase), cut = new CaptureCut(capture, phase));

            return cut;
        }
    }

    /// <summary>What the kernel printed of the events in the cut (<c>PHASE.txt.zst</c>; a few cuts have it).</summary>
    public string ReadText() =>
        Encoding.UTF8.GetString(UnpackedCut.Expand(System.IO.Path.Combine(Root, Capture, Phase + ".txt.zst")));

    private static double Seconds(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static EntryCause Cause(string word) =>
        word switch
        {
            "function-call" => EntryCause.FunctionCall,
            "reschedule" => EntryCause.Reschedule,
            "irq-work" => EntryCause.IrqWork,
            _ => throw new FormatException($"no cause '{word}'"),
        };

    private static CpuState State(string word) =>
        word switch
        {
            "user" => CpuState.User,
            "idle" => CpuState.Idle,
            "kernel" => CpuState.Kernel,
            _ => throw new FormatException($"no state '{word}'"),
        };

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        for (; directory is not null; directory = directory.Parent)
        {
            if (System.IO.File.Exists(System.IO.Path.Combine(directory.FullName, "Lazykick.slnx")))
                return System.IO.Path.Combine(directory.FullName, "tests", "data", "captures");
        }

        throw new InvalidOperationException("Lazykick.slnx is not above the tests");
    }
}
