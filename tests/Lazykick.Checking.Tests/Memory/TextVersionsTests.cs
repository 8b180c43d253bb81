using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Tests.Memory;

public class TextVersionsTests
{
    private const int Cpus = 2,
        Origin = 3;

    private static (TextVersions Text, int[] State) Create(CacheType cache, int locations = 2)
    {
        var text = new TextVersions(locations, Cpus, 3, cache, Origin);
        return (text, new int[Origin + text.Count]);
    }

    [Theory]
    [InlineData(CacheType.None, true, true, 1)]
    [InlineData(CacheType.None, false, true, 0)]
    [InlineData(CacheType.None, true, false, 0)]
    [InlineData(CacheType.Idc, false, true, 1)]
    [InlineData(CacheType.Idc, false, false, 0)]
    [InlineData(CacheType.Dic, false, false, 1)]
    public void Synchronisation_sees_what_maintenance_has_completed(
        CacheType cache,
        bool clean,
        bool invalidate,
        int floor
    )
    {
        var (text, state) = Create(cache);
        Assert.Equal(1, text.Write(state, 0));
        if (clean)
            text.Clean(state, 0);
        if (invalidate)
            text.Invalidate(state, 0);
        Assert.Equal(0, text.Floor(state, 1, 0));
        text.Synchronise(state, 1);
        Assert.Equal(floor, text.Floor(state, 1, 0));
        Assert.Equal(0, text.Floor(state, 0, 0));
    }

    [Fact]
    public void Invalidation_before_the_clean_brings_nothing()
    {
        var (text, state) = Create(CacheType.None);
        text.Write(state, 0);
        text.Invalidate(state, 0);
        text.Clean(state, 0);
        text.Synchronise(state, 0);
        Assert.Equal(0, text.Floor(state, 0, 0));
    }

    [Fact]
    public void A_fetch_of_a_version_happened_after_what_was_coherent_when_it_was_written()
    {
        var (text, state) = Create(CacheType.None);
        text.Write(state, 0);
        text.Clean(state, 0);
        text.Invalidate(state, 0);
        text.Write(state, 1);
        text.Fetch(state, 1, 1, 0);
        Assert.Equal(0, text.Floor(state, 1, 0));
        text.Fetch(state, 1, 1, 1);
        Assert.Equal(1, text.Floor(state, 1, 0));
        Assert.Equal(0, text.Floor(state, 1, 1));
    }

    [Fact]
    public void With_DIC_fetches_of_a_location_are_monotone()
    {
        var (text, state) = Create(CacheType.Dic, locations: 1);
        text.Write(state, 0);
        text.Fetch(state, 0, 0, 1);
        Assert.Equal(1, text.Floor(state, 0, 0));
    }

    [Fact]
    public void A_write_beyond_the_limit_is_refused_and_nothing_outside_is_touched()
    {
        var (text, state) = Create(CacheType.None);
        Assert.Equal([1, 2, 3, -1], Enumerable.Range(0, 4).Select(_ => text.Write(state, 1)));
        Assert.Equal(3, text.Newest(state, 1));
        Assert.Equal([0, 0, 0], state[..Origin]);
    }
}
