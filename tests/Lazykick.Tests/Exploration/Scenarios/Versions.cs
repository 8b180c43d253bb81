namespace Lazykick.Tests.Exploration.Scenarios;

/// <summary>
/// Protected data: a pointer to the current version, and the versions, which are poisoned where a program would free
/// them.
/// </summary>
internal sealed class Versions(int count)
{
    public const long Poison = -1;

    private readonly List<LateRead> _reads = [];
    private readonly SimCell[] _data = [.. Enumerable.Range(0, count).Select(i => new SimCell($"data{i}", i + 1))];

    public int Freed { get; private set; }

    public SimCell Pointer { get; } = new("pointer", 0);

    /// <summary>A read as in a program: the pointer, then through it.</summary>
    public void Read() => Use(Find());

    /// <summary>The first half of a read.</summary>
    public long Find() => SimulatedMemory.LoadAcquire(Pointer);

    /// <summary>The second half, which may come later in the same scope.</summary>
    public void Use(long version)
    {
        var read = SimulatedMemory.LoadLate(_data[version]);
        lock (_reads)
        {
            _reads.Add(read);
        }
    }

    /// <summary>Lets no new reader find the old version.</summary>
    public void Publish(int version) => SimulatedMemory.StoreRelease(Pointer, version);

    /// <summary>What a program would do by freeing: somebody else's data is there.</summary>
    public void Free(int version)
    {
        SimulatedMemory.StoreRelaxed(_data[version], Poison);
        Freed++;
    }

    /// <summary>A version is replaced by the next one and freed after a grace period.</summary>
    public void Replace(SimDomain domain, int next = 1)
    {
        Publish(next);
        domain.Synchronize();
        Free(next - 1);
    }

    public void Check() => Assert.All(_reads, read => Assert.NotEqual(Poison, read.Value));

    /// <summary>Nothing is left, nothing failed, and so many versions have been freed.</summary>
    public void CheckRetired(SimDomain domain, int count)
    {
        Check();
        Assert.Empty(domain.CallbackFailures);
        Assert.Equal((0, count), (domain.Core.Retired.Pending, Freed));
    }
}
