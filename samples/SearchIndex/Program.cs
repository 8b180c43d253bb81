using Lazykick;
using SearchIndex;

// A search index in a mapped file: readers intersect postings straight in the mapping while an indexer publishes
// segment after segment. A search sees one segment from its beginning to its end. Old mappings are gone as soon as the
// last search in them is over: at a known time, not when a finalizer gets to it.
const int Segments = 40, Terms = 200;
var folder = Directory.CreateTempSubdirectory("lazykick-search-").FullName;
using RcuDomain domain = new(new RcuDomainOptions { Name = "segments" });
using MappedFileSlot index = new(domain, IndexFile.Write(folder, 1_000, Terms));
long searches = 0;

Thread[] searchers = [.. Enumerable.Range(1, 3).Select(seed => new Thread(() =>
{
    Random random = new(seed);
    while (!domain.Stopping.IsCancellationRequested)
    {
        try
        {
            if (!Search(random.Next(1, Terms), random.Next(1, Terms)))
                Environment.FailFast("a search saw two segments, or an unmapped one");
            Interlocked.Increment(ref searches);
        }
        catch (ObjectDisposedException)
        {
            return;
        }
    }
}))];
foreach (var searcher in searchers)
    searcher.Start();
for (var segment = 2; segment <= Segments; segment++)
{
    var old = Path.Combine(folder, $"segment-{(segment - 1) * 1_000}.idx");
    await index.OpenAsync(IndexFile.Write(folder, segment * 1_000, Terms));

    // Nobody is in the old mapping any more, so the file can go.
    File.Delete(old);
}

var open = index.OpenFiles;
await index.DisposeAsync();
await domain.DisposeAsync();
foreach (var searcher in searchers)
    searcher.Join();
Directory.Delete(folder, recursive: true);
Console.WriteLine($"{Segments} segments, {open} mapped at the end, {index.OpenFiles} after the end; "
    + $"{(searches > 0 ? "searches all the time" : "no search")}");
return open == 1 && index.OpenFiles == 0 && searches > 0 ? 0 : 1;

// Documents that have both terms: the multiples of both. The count is right only if all was read from one segment.
bool Search(int one, int two)
{
    using var scope = domain.EnterRead();
    var view = index.Read(scope);
    if (view.Length == 0)
        return true;
    ReadOnlySpan<int> first = IndexFile.Find(view, one),
            second = IndexFile.Find(view, two),
            all = IndexFile.Find(view, 1);
    int found = 0, j = 0;
    foreach (var document in first)
    {
        while (j < second.Length && second[j] < document)
            j++;
        found += j < second.Length && second[j] == document ? 1 : 0;
    }

    return found == all.Length / (one * two / Gcd(one, two));
}

static int Gcd(int a, int b) => b == 0 ? a : Gcd(b, a % b);
