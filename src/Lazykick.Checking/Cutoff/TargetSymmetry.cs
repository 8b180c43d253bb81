using Lazykick.Checking.Compilation;
using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Cutoff;

/// <summary>
/// What CPU1 does, and what is done for it, is what CPU2 does and is done for it, with CPU1 and CPU2 in each other's
/// place.
/// </summary>
internal sealed class TargetSymmetry
{
    private readonly CompiledScheme _scheme;
    private readonly FieldOwners _owners;
    private readonly SetMembers _members;
    private readonly Dictionary<Field, Field> _images = [];

    public TargetSymmetry(CompiledScheme scheme, FieldOwners owners, SetMembers members)
    {
        (_scheme, _owners, _members) = (scheme, owners, members);
        var byName = scheme.Fields.Layout.Fields.GroupBy(f => f.Name).ToDictionary(g => g.Key, g => g.First());
        foreach (var field in scheme.Fields.Layout.Fields)
            _images[field] = byName.GetValueOrDefault(ImageOf(field.Name), field);
    }

    public string? Reason() =>
        Compare((1, Instruction.Nobody), (2, Instruction.Nobody))
        ?? Compare((1, 0), (2, 0))
        ?? Compare((1, 1), (2, 2))
        ?? Compare((1, 2), (2, 1))
        ?? Compare((0, 1), (0, 2));

    // Names end in "[1]", "[0,1]", "[1,2]": the indices are CPUs.
    private static string ImageOf(string name)
    {
        var start = name.LastIndexOf('[');
        return start < 0
            ? name
            : name[..start]
                + string.Concat(
                    name[start..]
                        .Select(c =>
                            c == '1' ? '2'
                            : c == '2' ? '1'
                            : c
                        )
                );
    }

    private List<Instruction> Steps((int Cpu, int About) turn) =>
        [
            .. _scheme
                .Cpus[turn.Cpu]
                .Levels.SelectMany(l => l)
                .Where(i => i.About == turn.About && i.Moves.TrueForAll(_members.HasTurn)),
        ];

    /// <summary>
    /// Tests that are decided on the way: wherever they are asked, they belong to the turn that they are in.
    /// </summary>
    private List<BranchTest> Tests((int Cpu, int About) turn) =>
        [
            .. _scheme
                .Moves.Where(m => m.Instruction.Cpu == turn.Cpu && _members.HasTurn(m))
                .SelectMany(m => m.Tests)
                .Where(t => t.About == turn.About)
                .DistinctBy(t => t.Span)
                .OrderBy(t => t.Span.Source.Path, StringComparer.Ordinal)
                .ThenBy(t => t.Span.Start),
        ];

    private string? Compare((int Cpu, int About) one, (int Cpu, int About) two)
    {
        var (first, second) = (Steps(one), Steps(two));
        var (tests, others) = (Tests(one), Tests(two));
        if (first.Count != second.Count || tests.Count != others.Count)
            return "the code of CPU1 and CPU2, or the code for them, differs";
        for (var i = 0; i < tests.Count; i++)
        {
            if (tests[i].Span != others[i].Span || !tests[i].Test.IsImageOf(others[i].Test, Image))
                return $"a test depends on the number of a CPU ({tests[i].Span})";
        }

        for (var i = 0; i < first.Count; i++)
        {
            if (first[i].Span != second[i].Span || !AreAlike(first[i].Moves, second[i].Moves))
                return $"a step depends on the number of a CPU ({first[i].Span})";
        }

        return null;
    }

    private bool AreAlike(List<Move> first, List<Move> second) =>
        first.Count == second.Count && first.Zip(second).All(p => AreAlike(p.First, p.Second));

    private bool AreAlike(Move first, Move second)
    {
        if (first.Guard is null != second.Guard is null || first.IsFree != second.IsFree)
            return false;
        if (first.Guard is { } guard && !guard.IsImageOf(second.Guard!, Image))
            return false;
        var (one, two) = (Effects(first), Effects(second));
        return one.Count == two.Count
            && one.All(e => two.TryGetValue(Image(e.Key), out var value) && e.Value.IsImageOf(value, Image))
            && first.Checks.Count == second.Checks.Count;
    }

    /// <summary>
    /// The last value of each field, without records of properties and without the way on: its tests are compared.
    /// </summary>
    private Dictionary<Field, Value> Effects(Move move)
    {
        var effects = new Dictionary<Field, Value>();
        var fields = _scheme.Fields.Cpus[move.Instruction.Cpu];
        foreach (var (field, value) in move.Effects)
        {
            var isControl = fields.Pc.Contains(field) || value.Results.Skip(1).Any();
            if (_owners.Of(field) is not (Owner.Record or Owner.Turns) && !isControl)
                effects[field] = value;
        }

        return effects;
    }

    private Field Image(Field field) => _images[field];
}
