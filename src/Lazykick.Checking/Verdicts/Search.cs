using Lazykick.Checking.Compilation;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Machines;
using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Verdicts;

/// <summary>Picks the machine, with windows or without, and the search for the size of a state.</summary>
internal sealed class Search(
    CompiledScheme scheme,
    SearchControl control,
    Func<Instruction, bool>? counts,
    SearchFocus focus,
    Reduction reduction,
    CheckOptions options,
    Checkpoint? checkpoint
) : ISizedWork<Space>
{
    public static Space Run(
        CompiledScheme scheme,
        SearchLimits limits,
        Action<SearchProgress>? progress,
        Func<Instruction, bool>? counts,
        Reduction reduction,
        SearchFocus? focus,
        CheckOptions options,
        Checkpoint? checkpoint,
        CancellationToken cancellation
    )
    {
        var control = new SearchControl(limits, progress, cancellation);
        var search = new Search(scheme, control, counts, focus ?? SearchFocus.Nothing, reduction, options, checkpoint);
        return StateSizes.Run(scheme.Fields.Layout.Words, search);
    }

    /// <summary>For single steps instead of a search.</summary>
    public static Stepper StepsOf(CompiledScheme scheme) =>
        StateSizes.Run(scheme.Fields.Layout.Words, new Steps(scheme));

    public Space Run<T>()
        where T : unmanaged, IPacked<T> =>
        options.Files.BitstateBytes > 0
            ? new BitstateSearch<T>(
                MachineOf<T>(scheme, reduction.ImpossibleGuesses),
                control,
                counts,
                reduction,
                options.Files.BitstateBytes
            ).Run()
            : new SchemeSearch<T>(
                MachineOf<T>(scheme, reduction.ImpossibleGuesses),
                control,
                counts,
                focus,
                reduction,
                options.Workers,
                options.Files.Order,
                checkpoint
            ).Run();

    private static Machine<T> MachineOf<T>(CompiledScheme scheme, bool cutsGuesses)
        where T : unmanaged, IPacked<T> =>
        scheme.Windows.Count == 0
            ? new StrongMachine<T>(scheme)
            : new Weak.WeakMachine<T>(scheme, cutsGuesses: cutsGuesses);

    private sealed class Steps(CompiledScheme scheme) : ISizedWork<Stepper>
    {
        public Stepper Run<T>()
            where T : unmanaged, IPacked<T> => new Stepper<T>(MachineOf<T>(scheme, false));
    }
}
