using Lazykick.Checking.Compilation;
using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Cutoff;

/// <summary>Which CPUs each set may hold, and so which turns of loops over sets there are.</summary>
internal sealed class SetMembers
{
    private readonly Dictionary<Field, int> _members = [];

    public SetMembers(CompiledScheme scheme, FieldOwners owners)
    {
        foreach (var set in owners.Sets)
            _members[set] = InitialStates.Of(scheme).Aggregate(0, (all, words) => all | set.Read(words));
        bool changed;
        do
        {
            changed = false;
            foreach (var move in scheme.Moves.Where(HasTurn))
            {
                foreach (var (field, value) in move.Effects.Where(e => _members.ContainsKey(e.Field)))
                {
                    var members = value.Results.Aggregate(_members[field], (all, result) => all | Of(field, result));
                    changed |= members != _members[field];
                    _members[field] = members;
                }
            }
        } while (changed);
    }

    /// <summary>False for a step in the turn of a CPU that the loop's set never holds.</summary>
    public bool HasTurn(Move move) =>
        move.Instruction is not { Loop: { } set, About: >= 0 and var cpu }
        || !_members.TryGetValue(set, out var members)
        || (members >> cpu & 1) != 0;

    /// <summary>The CPUs that a set may hold, as bits.</summary>
    public int Of(Field set) => _members[set];

    private int Of(Field set, Value value) =>
        value.IsConstant(out var members) ? members
        : value.IsUpdateOf(set, out members, out var adds)
            ? adds ? members
                : 0
        : value is Value.Read read && _members.TryGetValue(read.Field, out var others) ? others
        : -1;
}
