using System.Runtime.InteropServices;
using Lazykick.Cli.Demo;

namespace Lazykick.Bench.Runtime;

/// <summary>
/// How many interrupts a replacement sends to a registered thread that spins in EQS on a CPU of its own: function calls
/// and TLB shootdowns of that CPU, told for each replacement made while the thread was running there. The writer and
/// the reclaimer are on another CPU. Another program's interrupts are counted, too: the first row shows them.
/// </summary>
internal static unsafe class QuietBench
{
    private const int Replacements = 5_000;
    private const nuint Size = 4_096;

    public static void Run(int rounds)
    {
        if (!OperatingSystem.IsLinux() || CpuAffinity.Allowed() is not [int writer, .., int isolated])
        {
            Console.WriteLine("quiet: skipped, needs Linux and two CPUs");
            return;
        }

        var path = Path.GetTempFileName();
        File.WriteAllBytes(path, new byte[Size]);
        CpuAffinity.Pin(writer);
        using (RcuDomain domain = new(new RcuDomainOptions { ReclaimerCpus = [writer] }))
        using (HotSwap<Memory> swap = new(domain, new Memory()))
        using (MappedFileSlot slot = new(domain, path))
        {
            using QuietThread quiet = new(domain, isolated);
            nint shared = 0;
            (string Name, Action Call, Samples Calls, Samples Shootdowns, Samples Share)[] rows =
            [
                ("nothing", static () => Thread.SpinWait(200), new(), new(), new()),
                (
                    "RetireNative",
                    () => domain.RetireNative((void*)Interlocked.Exchange(ref shared, Allocate()), Size),
                    new(),
                    new(),
                    new()
                ),
                ("HotSwap.Swap", () => swap.Swap(new Memory(), (long)Size), new(), new(), new()),
                (
                    "MappedFileSlot.Open, which unmaps the old file",
                    () =>
                    {
                        slot.Open(path);

                        // A page that nobody has touched is not in any TLB.
                        using var scope = domain.EnterRead();
                        GC.KeepAlive(slot.Read(scope).Read<byte>(0));
                    },
                    new(),
                    new(),
                    new()
                ),
                (
                    "exchange, MemoryBarrierProcessWide, free",
                    () =>
                    {
                        var old = Interlocked.Exchange(ref shared, Allocate());
                        Interlocked.MemoryBarrierProcessWide();
                        NativeMemory.Free((void*)old);
                    },
                    new(),
                    new(),
                    new()
                ),
            ];
            foreach (var row in rows)
                row.Call();
            for (var round = 0; round < rounds; round++)
            {
                foreach ((_, var call, var calls, var shootdowns, var share) in rows)
                {
                    domain.Barrier();
                    var took = quiet.During(() =>
                    {
                        for (var i = 0; i < Replacements; i++)
                            call();
                        domain.Barrier();
                    });
                    share.Add(took.Share);
                    if (!took.IsMeasured)
                        continue;
                    calls.Add(took.FunctionCalls / Replacements);
                    shootdowns.Add(took.Shootdowns / Replacements);
                }
            }

            NativeMemory.Free((void*)shared);
            Console.WriteLine();
            Console.WriteLine(
                $"Replacing, {Replacements:N0} times a round, while a registered thread spins in EQS on CPU "
                + $"{isolated}: interrupts of that CPU for each replacement made while the thread ran"
            );
            foreach ((var name, _, var calls, var shootdowns, var share) in rows)
            {
                Console.WriteLine(
                    calls.IsEmpty
                        ? $"  {name,-48} not measured: the thread hardly ran"
                        : $"  {name,-48} function calls {calls,-30} TLB {shootdowns,-30} it ran for this share of the "
                            + $"time {share}"
                );
            }
        }

        File.Delete(path);
    }

    private static nint Allocate() => (nint)NativeMemory.Alloc(Size);

    private sealed class Memory : IDisposable
    {
        private readonly nint _block = Allocate();

        public void Dispose() => NativeMemory.Free((void*)_block);
    }
}
