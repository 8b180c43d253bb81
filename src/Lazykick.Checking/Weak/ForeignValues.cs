using Lazykick.Checking.Compilation;
using Lazykick.Checking.Moves;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Weak;

/// <summary>
/// The values that the moves of other CPUs may write to a variable, at most: a read returns what its CPU sees already,
/// or one of these (docs/design/reductions.md, guesses that cannot come true).
/// </summary>
/// <param name="scheme">The scheme.</param>
internal sealed class ForeignValues(CompiledScheme scheme)
{
    // So many ways to evaluate what is written are tried; beyond, every value counts as written.
    private const int MostWays = 1 << 12;

    private readonly Dictionary<(int Cpu, Field Variable), HashSet<int>> _written = [];

    /// <summary>Other CPUs than this one may write this value.</summary>
    public bool MayBe(int cpu, Field variable, int value)
    {
        if (!_written.TryGetValue((cpu, variable), out var values))
        {
            values =
            [
                .. scheme
                    .Moves.Where(m => m.Instruction.Cpu != cpu)
                    .SelectMany(m =>
                        m.Effects.Where(e => e.Field == variable).SelectMany(e => Of(m, variable, e.Value))
                    ),
            ];
            _written[(cpu, variable)] = values;
        }

        return values.Contains(value);
    }

    private IEnumerable<int> Of(Move move, Field variable, Value value) =>
        value
            .Results
            // A compare-and-swap that finds something else is a load.
            .Where(r => move.Instruction.Step is not CasStep || r is not Value.Read read || read.Field != variable)
            .SelectMany(r => Of(variable, r));

    private IEnumerable<int> Of(Field variable, Value result)
    {
        var inputs = result.Fields().ToList();
        var ways = inputs.Aggregate(1L, (all, f) => Math.Min(MostWays + 1, all * (f.High - f.Low + 1L)));
        if (ways > MostWays)
            return Enumerable.Range(variable.Low, variable.High - variable.Low + 1);
        var fields = new int[scheme.Fields.Layout.Fields.Max(f => f.Id) + 1];
        return Enumerable
            .Range(0, (int)ways)
            .Select(way =>
            {
                foreach (var input in inputs)
                {
                    var values = input.High - input.Low + 1;
                    fields[input.Id] = input.Low + way % values;
                    way /= values;
                }

                return result.Of(fields);
            });
    }
}
