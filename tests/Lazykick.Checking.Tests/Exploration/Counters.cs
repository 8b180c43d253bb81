using Lazykick.Checking.Exploration;

namespace Lazykick.Checking.Tests.Exploration;

/// <summary>
/// A machine of neither front end: each CPU has a counter of eight bits, and each move adds one to the counter of its
/// CPU.
/// </summary>
internal sealed class Counters(int cpus, int top)
    : ITransitions<Word, Counters.Tick>,
        ISearchObserver<Word, Counters.Tick>
{
    internal readonly record struct Tick(Word Next, int Cpu) : ITransition<Word>;

    public int Cpus => cpus;

    public bool IsInVain => false;

    internal List<(ulong State, int Level)> Seen { get; } = [];

    internal List<int> Stuck { get; } = [];

    public Word[] InitialStates() => [new Word(0), new Word(0)];

    public int Expand(in Word state, ref Tick[] into)
    {
        var count = 0;
        for (var cpu = 0; cpu < cpus; cpu++)
        {
            if ((state.Word64(0) >> (8 * cpu) & 0xFF) == (ulong)top)
                continue;
            if (count == into.Length)
                Array.Resize(ref into, 2 * count);
            into[count++] = new Tick(new Word(state.Word64(0) + (1UL << (8 * cpu))), cpu);
        }

        return count;
    }

    public void Begin(in Word state, int index) => Seen.Add((state.Word64(0), 0));

    public void Found(in Word state, int index, int level, in Tick by)
    {
        Assert.Equal(Seen.Count, index);
        Assert.Equal(by.Next, state);
        Seen.Add((state.Word64(0), level));
    }

    public void Expanded(in Word state, int index, int level, ReadOnlySpan<Tick> moves)
    {
        Assert.Equal(Seen[index], (state.Word64(0), level));
        if (moves.Length == 0)
            Stuck.Add(index);
    }
}
