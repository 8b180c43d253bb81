using System.Diagnostics;
using Lazykick;

// A control loop that must not be disturbed, in a process whose other threads change what it works with. The loop is in
// EQS while it spins and comes out of it only to take its orders; so a kick has nobody to interrupt, and a grace period
// nobody to wait for. 'lazykick demo' measures the same on your machine, interrupts included.
using RcuDomain domain = new(new RcuDomainOptions { Name = "control" });
Setpoint current = new(0);
long turns = 0;
var stop = false;
using ManualResetEventSlim started = new();

Thread loop = new(() =>
{
    using var me = domain.Register();
    started.Set();
    while (!Volatile.Read(ref stop))
    {
        // The isolated part: device registers, shared memory, arithmetic; nothing that the domain protects.
        for (var i = 0; i < 10_000; i++)
            turns++;

        // Comes out of EQS, with a full barrier: from here on everything is visible that a kick returned for.
        using var scope = me.EnterRead();
        if (Volatile.Read(ref current).IsRetired)
            throw new InvalidOperationException("the loop got a setpoint that had been disposed");
    }
})
{
    Name = "control loop",
};
loop.Start();
started.Wait();

int skipped = 0,
    broadcast = 0;
var clock = Stopwatch.StartNew();
for (var i = 1; clock.ElapsedMilliseconds < 500; i++)
{
    var old = Interlocked.Exchange(ref current, new Setpoint(i));
    if (domain.Kick().Kind == KickKind.Skipped)
        skipped++;
    else
        broadcast++;
    domain.Retire(old);
    Thread.Yield();
}

Volatile.Write(ref stop, true);
loop.Join();
domain.Barrier();
Console.WriteLine(
    $"{100.0 * skipped / (skipped + broadcast):0} % of the kicks interrupted nobody; the loop "
        + $"{(turns > 0 ? "ran on" : "stood still")}"
);
return turns > 0 ? 0 : 1;

/// <summary>What the loop works towards.</summary>
internal sealed class Setpoint(int value) : IDisposable
{
    private volatile bool _retired;

    public int Value => value;

    public bool IsRetired => _retired;

    public void Dispose() => _retired = true;
}
