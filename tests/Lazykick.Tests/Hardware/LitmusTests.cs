using System.Diagnostics;
using System.Runtime.CompilerServices;
using Lazykick.Tests.Support;

namespace Lazykick.Tests.Hardware;

/// <summary>
/// The two shapes that grace periods stand on, on the real instructions: store buffering (a reader leaves EQS and
/// reads, a writer unpublishes and looks at the slot) and message passing (what a reader wrote in its scope is there
/// after the grace period). A broken build fails within seconds where two CPUs are free; where they are not, rounds in
/// which the reader found the old version are rare, and the test skips: it has no result.
/// </summary>
[Collection(nameof(Alone))]
public sealed class LitmusTests(ITestOutputHelper output)
{
    private const int FewestRounds = 10_000;

    private static TimeSpan Duration => TimeSpan.FromSeconds(LongMode.IsOn ? 60 : 2);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_reader_that_found_the_old_version_is_waited_for(bool kick)
    {
        Assert.SkipWhen(Environment.ProcessorCount < 2, "one CPU: nothing is reordered between its threads");
        using RcuDomain domain = new();
        Lines lines = new();
        long rounds = 0,
            old = 0,
            bad = 0,
            unwritten = 0;
        var end = Stopwatch.GetTimestamp() + (long)(Duration.TotalSeconds * Stopwatch.Frequency);
        Threads.RunTogether(
            () =>
            {
                using var me = domain.Register();
                Random random = new(1);
                for (long turn = 1; AwaitTurn(lines, turn); turn++)
                {
                    // The line is in the cache before the scope: a read that misses comes too late to be early.
                    _ = Volatile.Read(ref lines.Data);
                    Delay(random.Next(20));
                    using (me.EnterRead())
                    {
                        if (lines.Data == 0)
                        {
                            old++;
                            lines.Written = turn;
                            for (var i = 0; i < 60; i++)
                                bad += Volatile.Read(ref lines.Freed);
                        }
                    }

                    Volatile.Write(ref lines.Answer, turn);
                }
            },
            () =>
            {
                Random random = new(2);
                for (long turn = 1; Stopwatch.GetTimestamp() < end; turn++)
                {
                    lines.Data = 0;
                    lines.Freed = 0;
                    lines.Written = 0;
                    var oldBefore = Volatile.Read(ref old);
                    Volatile.Write(ref lines.Turn, turn);
                    Delay(random.Next(300));
                    Volatile.Write(ref lines.Data, 1);
                    if (kick)
                        domain.Kick();
                    domain.Synchronize();

                    // Message passing: the scope is over, and so is the write in it.
                    var written = lines.Written;
                    Volatile.Write(ref lines.Freed, 1);
                    for (var spins = 0; Volatile.Read(ref lines.Answer) != turn; spins++)
                        Spin(spins);
                    unwritten += Volatile.Read(ref old) > oldBefore && written != turn ? 1 : 0;
                    rounds++;
                }

                Volatile.Write(ref lines.Turn, -1);
            }
        );
        output.WriteLine(
            $"{rounds:N0} rounds, the old version in {old:N0}, {bad} reads of freed data, {unwritten} writes missing"
        );
        Assert.Equal((0L, 0L), (bad, unwritten));
        Assert.SkipWhen(
            rounds < FewestRounds || old < rounds / 20,
            "no result: the two threads hardly met, on a machine that is too busy"
        );
    }

    /// <summary>
    /// What <see cref="RcuDomain.Kick"/> is for: a thread in an active region raises a plain flag and reads; after the
    /// kick either the flag is seen or the read was late. Without the process-wide barrier both can miss.
    /// </summary>
    [Fact]
    public void A_plain_flag_in_an_active_region_is_seen_after_a_kick()
    {
        Assert.SkipWhen(Environment.ProcessorCount < 2, "one CPU: nothing is reordered between its threads");
        using RcuDomain domain = new();
        Lines lines = new();
        long rounds = 0,
            missedFlag = 0,
            missedData = 0,
            bad = 0;
        var read = 0L;
        var end = Stopwatch.GetTimestamp() + (long)(Duration.TotalSeconds * Stopwatch.Frequency);
        Threads.RunTogether(
            () =>
            {
                using var me = domain.Register();
                using var region = me.EnterActive();
                Random random = new(3);
                for (long turn = 1; AwaitTurn(lines, turn); turn++)
                {
                    _ = Volatile.Read(ref lines.Data);

                    // At once in one half of the rounds; in the other about as late as a kick takes, which sends an
                    // interrupt: else the flag is always there before it, and there is no result.
                    Delay(random.Next(random.Next(2) == 0 ? 20 : 20_000));
                    lines.Written = turn;
                    read = lines.Data;
                    me.QuiescentState();
                    Volatile.Write(ref lines.Answer, turn);
                }
            },
            () =>
            {
                Random random = new(4);
                for (long turn = 1; Stopwatch.GetTimestamp() < end; turn++)
                {
                    // The line of the flag is here: the store to it takes a while.
                    lines.Written = 0;
                    Volatile.Write(ref lines.Turn, turn);
                    Delay(random.Next(300));
                    Volatile.Write(ref lines.Data, turn);
                    domain.Kick();
                    var flag = Volatile.Read(ref lines.Written);
                    for (var spins = 0; Volatile.Read(ref lines.Answer) != turn; spins++)
                        Spin(spins);
                    missedFlag += flag != turn ? 1 : 0;
                    missedData += read != turn ? 1 : 0;
                    bad += flag != turn && read != turn ? 1 : 0;
                    rounds++;
                }

                Volatile.Write(ref lines.Turn, -1);
            }
        );
        output.WriteLine(
            $"{rounds:N0} rounds, flag missed in {missedFlag:N0}, data missed in {missedData:N0}, both in {bad}"
        );
        Assert.Equal(0, bad);
        Assert.SkipWhen(
            rounds < FewestRounds || missedData < rounds / 20 || missedFlag < rounds / 20,
            "no result: the two threads hardly met, on a machine that is too busy"
        );
    }

    private static bool AwaitTurn(Lines lines, long turn)
    {
        for (var spins = 0; ; spins++)
        {
            var now = Volatile.Read(ref lines.Turn);
            if (now < 0)
                return false;
            if (now == turn)
                return true;
            Spin(spins);
        }
    }

    // The other thread may be waiting for this CPU.
    private static void Spin(int spins)
    {
        if (spins % 5_000 == 4_999)
            Thread.Yield();
        else
            Thread.SpinWait(1);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Delay(int stores)
    {
        long sink = 0;
        for (var i = 0; i < stores; i++)
            Volatile.Write(ref sink, i);
    }

    /// <summary>Words on lines of their own.</summary>
    private sealed class Lines
    {
        private readonly long[] _words = new long[6 * 32];

        public ref long Data => ref _words[16];

        public ref long Freed => ref _words[48];

        public ref long Turn => ref _words[80];

        public ref long Answer => ref _words[112];

        public ref long Written => ref _words[144];
    }
}
