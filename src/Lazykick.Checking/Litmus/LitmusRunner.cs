using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Litmus;

/// <summary>Runs a test: visits every reachable state of the machine, breadth first.</summary>
public static class LitmusRunner
{
    /// <summary>Runs a test.</summary>
    /// <param name="test">The test.</param>
    /// <param name="options">How to run it.</param>
    /// <param name="cancellation">Stops the search.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="LitmusException">The test is wrong, or needs what the machine does not model.</exception>
    /// <exception cref="LitmusLimitException">A limit was reached.</exception>
    public static LitmusResult Run(LitmusTest test, LitmusOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(test);
        ArgumentNullException.ThrowIfNull(options);
        var program = LitmusCompiler.Compile(test);
        var model = options.Model ?? (test.Architecture == LitmusArchitecture.AArch64 ? MemoryModel.Arm : MemoryModel.Tso);
        var allVersions = false;
        for (var valueBits = 5; ;)
        {
            var values = new ValueTable();
            var layout = new LitmusLayout(program, Math.Clamp(options.Window, 1, 64), valueBits, allVersions);
            try
            {
                var search = new LitmusSearch(program, layout, values, model, options);
                if (search.Run(cancellation))
                    return search.Result();
                valueBits += 5;
                if (valueBits > 15)
                    throw new LitmusLimitException("more than 32768 different values; does a loop count up for ever?");
            }
            catch (VersionLimitException) when (!allVersions)
            {
                allVersions = true;
            }
            catch (VersionLimitException)
            {
                throw new LitmusLimitException($"more than {LitmusLayout.MaxVersions} writes to one code location");
            }
        }
    }
}
