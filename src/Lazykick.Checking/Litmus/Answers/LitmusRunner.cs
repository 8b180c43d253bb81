using Lazykick.Checking.Exploration;
using Lazykick.Checking.Litmus.Machine;
using Lazykick.Checking.Litmus.Reading;
using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Litmus.Answers;

/// <summary>Runs a test: compiles it to a machine and has the explorer of schemes search its whole space.</summary>
public static class LitmusRunner
{
    private const int FirstValueBits = 5,
        MaxValueBits = 15;

    // Most tests have three or four words and few states: one size for all of them is compiled sooner than two.
    private const int MinWords = 4;

    /// <summary>Runs a test.</summary>
    /// <param name="test">The test.</param>
    /// <param name="options">How to run it.</param>
    /// <param name="cancellation">Stops the search.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="LitmusException">The test is wrong, or needs what the machine does not model.</exception>
    /// <exception cref="LitmusLimitException">A limit was reached.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static LitmusResult Run(LitmusTest test, LitmusOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(test);
        ArgumentNullException.ThrowIfNull(options);
        cancellation.ThrowIfCancellationRequested();
        var program = LitmusCompiler.Compile(test);
        var model =
            options.Model ?? (test.Architecture == LitmusArchitecture.AArch64 ? MemoryModel.Arm : MemoryModel.Tso);
        var rules = new RuleSet(model) { LeftOut = options.LeftOut };
        var control = new SearchControl(options.Limits, options.Progress, cancellation);
        var valueBits = FirstValueBits;
        var allVersions = false;
        while (true)
        {
            var layout = new LitmusLayout(program, Math.Clamp(options.Window, 1, 64), valueBits, allVersions);
            if (layout.Words > StateSizes.MaxWords)
            {
                throw new LitmusLimitException(
                    $"a state takes {layout.Words} words of 64 bits, more than {StateSizes.MaxWords}; a smaller window "
                        + "takes less"
                );
            }

            var search = new LitmusSearch(program, layout, rules, options, control);
            if (StateSizes.Run(Math.Max(MinWords, layout.Words), search) is { } result)
                return result;
            switch (layout.Exceeded)
            {
                case LayoutLimit.Values when valueBits == MaxValueBits:
                    throw new LitmusLimitException(
                        $"more than {1 << MaxValueBits} different values; does a loop count up for ever?"
                    );
                case LayoutLimit.Values:
                    valueBits += 5;
                    break;
                case LayoutLimit.Versions when allVersions:
                    throw new LitmusLimitException($"more than {LitmusLayout.MaxVersions} writes to one code location");
                default:
                    allVersions = true;
                    break;
            }
        }
    }
}
