using HotSwap;
using Lazykick;

// Readers look up words in a memory-mapped file; now and then a new edition takes its place. The old mapping is closed
// as soon as, and not before, the last reader is done with it: at a known time, not when a finalizer gets to it.
var folder = Directory.CreateTempSubdirectory("lazykick-hotswap-").FullName;
using RcuDomain domain = new(new RcuDomainOptions { Name = "editions" });
var current = Edition.Create(folder, 1);
long lookups = 0;
var stop = false;

Thread[] readers =
[
    .. Enumerable
        .Range(0, 2)
        .Select(_ => new Thread(() =>
        {
            using var me = domain.Register();
            Random random = new(1);
            while (!Volatile.Read(ref stop))
            {
                using var scope = me.EnterRead();
                var edition = Volatile.Read(ref current);

                // A closed mapping would end the process here: its pages are gone.
                if (edition.Read(random.Next(Edition.Words)) != edition.Number)
                    throw new InvalidOperationException("a reader saw a word of another edition");
                Interlocked.Increment(ref lookups);
            }
        })),
];
foreach (var reader in readers)
    reader.Start();

const int Editions = 50;
for (var number = 2; number <= Editions; number++)
{
    var old = Interlocked.Exchange(ref current, Edition.Create(folder, number));
    domain.Retire(old, Edition.Size);
    Thread.Sleep(10);
}

Volatile.Write(ref stop, true);
foreach (var reader in readers)
    reader.Join();
domain.Barrier();
Console.WriteLine(
    $"{Editions} editions, {Edition.Open} mapping open, {Directory.GetFiles(folder).Length} file left; readers looked "
        + $"up {(lookups > 0 ? "all the time" : "nothing")}"
);
current.Dispose();
Directory.Delete(folder);
return Edition.Open == 0 && lookups > 0 ? 0 : 1;
