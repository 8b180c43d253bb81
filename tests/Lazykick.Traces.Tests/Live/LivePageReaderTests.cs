using System.Buffers.Binary;
using System.Diagnostics;
using Lazykick.Traces.Live;

namespace Lazykick.Traces.Tests.Live;

/// <summary>Pages that come while they are read, from a named pipe in place of the kernel's file.</summary>
public sealed class LivePageReaderTests : IDisposable
{
    private const int PageSize = 512;

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("lazykick-live");
    private readonly CancellationTokenSource _ending = new();
    private readonly string _pipe;

    public LivePageReaderTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs mkfifo");
        _pipe = Path.Combine(_root.FullName, "trace_pipe_raw");
        using var make = Process.Start("mkfifo", [_pipe])!;
        make.WaitForExit();
    }

    public void Dispose()
    {
        _ending.Dispose();
        _root.Delete(recursive: true);
    }

    [Fact]
    public void A_round_ends_at_a_page_that_begins_after_it_though_more_pages_are_there()
    {
        var rounds = new LiveRounds(TimeSpan.Zero, static () => { }, _ending.Token);
        using var reader = new LivePageReader(rounds, _pipe, PageSize, kept: null);
        using var kernel = new FileStream(_pipe, FileMode.Open, FileAccess.Write);
        var begin = rounds.Time;
        foreach (var time in (ulong[])[begin - 1, begin, begin + 1, ulong.MaxValue])
            Write(kernel, time);

        // What is older, and the page that shows that no older one follows. What came later is of the next rounds.
        Assert.Equal(2, PagesOf(reader));
        Assert.False(reader.TryNext(out _));
        Assert.Equal(begin, reader.PausedAt);
        Assert.Equal(begin, rounds.Time);

        Assert.Equal(2, PagesOf(reader));
        Assert.InRange(rounds.Time, begin + 1, ulong.MaxValue - 1);
        Assert.False(reader.TryNext(out _));
        Assert.Equal(rounds.Time, reader.PausedAt);
    }

    [Fact]
    public void It_ends_though_each_read_leaves_another_page()
    {
        var rounds = new LiveRounds(TimeSpan.Zero, static () => { }, _ending.Token);
        using var reader = new LivePageReader(rounds, _pipe, PageSize, kept: null);
        using var kernel = new FileStream(_pipe, FileMode.Open, FileAccess.Write);
        for (var i = 0; i < 10; i++)
            Write(kernel, ulong.MaxValue);
        _ending.Cancel();

        var pages = 0;
        while (reader.TryNext(out var block))
        {
            pages += block.Length / PageSize;
            Write(kernel, ulong.MaxValue);
        }

        Assert.Equal(1, pages);
        Assert.Null(reader.PausedAt);
    }

    [Fact]
    public void Where_nothing_is_left_to_read_it_pauses_at_the_begin_of_the_round()
    {
        var rounds = new LiveRounds(TimeSpan.Zero, static () => { }, _ending.Token);
        using var reader = new LivePageReader(rounds, _pipe, PageSize, kept: null);
        using var kernel = new FileStream(_pipe, FileMode.Open, FileAccess.Write);
        Write(kernel, 1);
        Write(kernel, 2);

        Assert.Equal(2, PagesOf(reader));
        Assert.False(reader.TryNext(out _));
        Assert.Equal(rounds.Time, reader.PausedAt);
    }

    private static int PagesOf(LivePageReader reader)
    {
        Assert.True(reader.TryNext(out var block));
        return block.Length / PageSize;
    }

    // The header of a sub-buffer begins with the time of its first event.
    private static void Write(FileStream kernel, ulong time)
    {
        var page = new byte[PageSize];
        BinaryPrimitives.WriteUInt64LittleEndian(page, time);
        kernel.Write(page);
        kernel.Flush();
    }
}
