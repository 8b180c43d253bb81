using Lazykick.Checking.Compilation;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Machines;
using Lazykick.Checking.Memory;
using Lazykick.Checking.Verdicts;
using Lazykick.Checking.Weak;
using Lazykick.Schemes.Loading;

namespace Lazykick.Checking.Tests.Weak;

/// <summary>
/// How many states of a reduced space hold a guess that cannot come true: no execution leads from them to one in which
/// no CPU has a guess outstanding. docs/design/reductions.md has the table.
/// </summary>
public sealed class DoomedGuessTests
{
    [Theory]
    [InlineData("v1", 281_548, 40_712, 167_478)]
    [InlineData("v2", 47_410, 19_904, 6_240)]
    [InlineData("slab", 23_637, 4_572, 9_094)]
    [InlineData("lazysync", 28_308, 14_872, 8_872)]
    public void So_many_states_are_settled_and_so_many_cannot_be_any_more(
        string name,
        int states,
        int settled,
        int doomed
    )
    {
        Assert.SkipUnless(
            states < 25_000 || Environment.GetEnvironmentVariable("LAZYKICK_LONG") == "1",
            "a large space; LAZYKICK_LONG=1 runs it"
        );
        var scheme = SchemeLoader.FromCatalogue(name)!;
        var knobs = SchemeCheck.KnobValues(scheme, new Dictionary<string, string>(StringComparer.Ordinal), new());
        var compiled = SchemeCompiler.Compile(scheme, knobs, 2, MemoryModel.Arm, 4, new())!;
        Assert.Equal(
            (states, settled, doomed),
            StateSizes.Run(compiled.Fields.Layout.Words, new Count(compiled))
        );
    }

    private sealed class Count(CompiledScheme compiled) : ISizedWork<(int States, int Settled, int Doomed)>
    {
        public (int States, int Settled, int Doomed) Run<T>()
            where T : unmanaged, IPacked<T>
        {
            var machine = new WeakMachine<T>(compiled, cutsGuesses: true);
            var space = new PartSpace<T>(machine, KeyTable.MaxCount, null, new CheckOptions().Reduction);
            foreach (var state in machine.InitialStates())
                Add(space, space.KeyOf(state));
            var into = new List<(int To, int From)>();
            for (var state = 0; state < space.States.Count; state++)
            {
                List<ulong> next;
                while (true)
                {
                    next = [.. space.StepsFrom(space.States.Keys[state]).Select(s => s.Next)];
                    if (!space.Memo.IsFull)
                        break;
                    space.Widen();
                }

                foreach (var key in next)
                    into.Add((Add(space, key), state));
            }

            var reaches = new bool[space.States.Count];
            var open = new Stack<int>();
            for (var state = 0; state < reaches.Length; state++)
            {
                if (space.AllSettled(space.States.Keys[state]))
                    Reach(state);
            }

            var settled = open.Count;
            var from = into.ToLookup(e => e.To, e => e.From);
            while (open.TryPop(out var state))
            {
                foreach (var before in from[state])
                    Reach(before);
            }

            return (reaches.Length, settled, reaches.Count(r => !r));

            void Reach(int state)
            {
                if (reaches[state])
                    return;
                reaches[state] = true;
                open.Push(state);
            }
        }

        private static int Add<T>(PartSpace<T> space, ulong key)
            where T : unmanaged, IPacked<T>
        {
            while (!space.States.HasRoomFor(1))
                space.States.Grow();
            return space.States.Add(key, space.States.Mix(key), out _);
        }
    }
}
