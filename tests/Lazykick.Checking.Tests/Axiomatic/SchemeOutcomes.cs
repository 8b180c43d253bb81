using Lazykick.Checking.Compilation;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Machines;
using Lazykick.Checking.Memory;
using Lazykick.Checking.Moves;
using Lazykick.Checking.Weak;
using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Syntax;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Tests.Axiomatic;

/// <summary>
/// The final states that the schemes' machine reaches: every CPU at the end of its path, nothing in flight.
/// </summary>
internal static class SchemeOutcomes
{
    /// <param name="program">The program.</param>
    /// <param name="text">The same as a scheme.</param>
    /// <param name="model">The memory model.</param>
    /// <param name="leftOut">The ordering rule that is left out; 0 for none.</param>
    /// <param name="isLazy">Issues are delayed.</param>
    internal static SortedSet<string> Of(
        StraightProgram program,
        string text,
        MemoryModel model,
        int leftOut,
        bool isLazy
    )
    {
        var diagnostics = new DiagnosticCollection();
        var scheme = SchemeLoader.Load(new SourceText("random.kick", text), Catalogue.Instance, diagnostics);
        Assert.True(scheme is not null && diagnostics.Count == 0, $"{string.Join('\n', diagnostics)}\n{text}");
        var slots = model == MemoryModel.Sc ? 0 : program.Threads.Max(t => t.Count) + 1;
        var compiled = SchemeCompiler.Compile(
            scheme!,
            new Dictionary<string, int>(),
            program.Threads.Count,
            model,
            slots,
            diagnostics
        );
        Assert.True(compiled is not null && diagnostics.Count == 0, $"{string.Join('\n', diagnostics)}\n{text}");
        return compiled!.Fields.Layout.Words switch
        {
            1 => Of<Word>(program, compiled, leftOut, isLazy),
            2 => Of<Pair<Word>>(program, compiled, leftOut, isLazy),
            <= 4 => Of<Pair<Pair<Word>>>(program, compiled, leftOut, isLazy),
            _ => Of<Pair<Pair<Pair<Word>>>>(program, compiled, leftOut, isLazy),
        };
    }

    private static SortedSet<string> Of<T>(StraightProgram program, CompiledScheme scheme, int leftOut, bool isLazy)
        where T : unmanaged, IPacked<T>
    {
        Machine<T> machine =
            scheme.Windows.Count == 0 ? new StrongMachine<T>(scheme) : new WeakMachine<T>(scheme, leftOut, isLazy);
        var outcomes = isLazy ? Lazily(program, machine) : MoveByMove(program, machine);
        Assert.False(machine.WindowWasFull);
        return outcomes;
    }

    private static SortedSet<string> Lazily<T>(StraightProgram program, Machine<T> machine)
        where T : unmanaged, IPacked<T>
    {
        var outcomes = new SortedSet<string>(StringComparer.Ordinal);
        var reduction = new Reduction(true, false, true);
        var space = new PartSpace<T>(machine, 1 << 20, m => m.Instruction.Step is not RestStep, reduction);
        var seen = new HashSet<ulong>();
        var open = new Stack<ulong>();
        var start = space.KeyOf(machine.InitialStates().Single());
        open.Push(start);
        while (open.TryPop(out var key))
        {
            if (!seen.Add(key))
                continue;
            for (var cpu = 0; cpu < machine.Cpus; cpu++)
            {
                var (first, end) = space.Steps.StepsOf(space.Steps.PairOf(key, cpu));
                for (var step = first; step < end && !space.Memo.IsFull; step++)
                {
                    if (space.Steps.TryMake(key, cpu, step, out var next))
                        open.Push(next);
                }
            }

            if (space.Memo.IsFull)
            {
                // Parts were met for which keys have no room: from the beginning, with more of it.
                var form = space.Widen();
                start = form(start);
                seen.Clear();
                open.Clear();
                outcomes.Clear();
                open.Push(start);
                continue;
            }

            foreach (var final in WithDelayed(space, key))
            {
                var words = space.WordsOf(final);
                if (IsFinal(machine, T.From(words), words))
                    outcomes.Add(Outcome(program, machine.Scheme, words));
            }
        }

        return outcomes;
    }

    /// <summary>A state, and those to which issues lead that no step needs any more.</summary>
    private static IEnumerable<ulong> WithDelayed<T>(PartSpace<T> space, ulong key)
        where T : unmanaged, IPacked<T>
    {
        IEnumerable<ulong> keys = [key];
        for (var cpu = 0; cpu < space.Cpus; cpu++)
        {
            var own = cpu;
            keys = keys.SelectMany(k =>
                space.Steps.NodesOf(space.Steps.PairOf(k, own)).Select(n => space.Steps.KeyAt(k, own, n))
            );
        }

        return keys;
    }

    private static SortedSet<string> MoveByMove<T>(StraightProgram program, Machine<T> machine)
        where T : unmanaged, IPacked<T>
    {
        var scheme = machine.Scheme;
        var outcomes = new SortedSet<string>(StringComparer.Ordinal);
        var seen = new HashSet<T>();
        var open = new Stack<T>();
        foreach (var initial in InitialStates.Of(scheme))
            open.Push(T.From(initial));
        var words = new ulong[scheme.Fields.Layout.Words];
        var buffer = new Successor<T>[16];
        while (open.TryPop(out var state))
        {
            if (!seen.Add(state))
                continue;
            state.CopyTo(words);
            if (IsFinal(machine, state, words))
                outcomes.Add(Outcome(program, scheme, words));
            for (var cpu = 0; cpu < machine.Cpus; cpu++)
            {
                var count = machine.Expand(state, cpu, ref buffer);
                for (var i = 0; i < count; i++)
                {
                    if (buffer[i].Move.Instruction.Step is not RestStep)
                        open.Push(buffer[i].Next);
                }
            }
        }

        return outcomes;
    }

    private static bool IsFinal<T>(Machine<T> machine, in T state, ulong[] words)
        where T : unmanaged, IPacked<T>
    {
        for (var cpu = 0; cpu < machine.Scheme.Cpus.Length; cpu++)
        {
            if (machine.PositionOf(state, cpu).Instruction.Step is not RestStep)
                return false;
            if (machine.Scheme.Windows.Count > 0 && machine.Scheme.Windows[cpu].Code[0].Read(words) != 0)
                return false;
        }

        return true;
    }

    private static string Outcome(StraightProgram program, CompiledScheme scheme, ulong[] words)
    {
        var shown = new List<string>();
        for (var thread = 0; thread < program.Threads.Count; thread++)
        {
            foreach (var register in program.Threads[thread].Select(o => o.Result).Where(r => r >= 0).Distinct())
            {
                shown.Add(
                    $"{LitmusWriter.Key(thread, register, scheme.Memory == MemoryModel.Arm)}="
                        + $"{Field(scheme, $"r{register}", thread).Read(words)}"
                );
            }
        }

        for (var location = 0; location < program.Locations; location++)
            shown.Add($"{LitmusWriter.Key(location)}={Field(scheme, SchemeWriter.Names[location], 0).Read(words)}");
        return string.Join("; ", shown);
    }

    private static Field Field(CompiledScheme scheme, string variable, int cpu)
    {
        var fields = scheme.Fields.Variables(scheme.Scheme).Where(v => v.Variable.Name == variable).ToList();
        return (fields.Count == 1 ? fields[0] : fields.Single(f => f.Cpu == cpu)).Field;
    }
}
