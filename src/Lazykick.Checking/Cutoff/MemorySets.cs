using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Cutoff;

/// <summary>(5) Sets that targets see hold only the kicker and the CPU whose set it is.</summary>
internal sealed class MemorySets(FieldOwners owners, SetMembers members)
{
    // The kicker is a member that every set may have.
    private const int Kicker = 1;

    public string? Reason()
    {
        var seen = owners.Sets.Where(f => !owners.Privates.Contains(f) || owners.Of(f) != Owner.Kicker);
        return seen.FirstOrDefault(f => (members.Of(f) & ~Allowed(f)) != 0) is { } set
            ? $"{set} may hold another target"
            : null;
    }

    private int Allowed(Field set) =>
        owners.Of(set) is Owner.First or Owner.Second ? Kicker | 1 << (int)owners.Of(set) : Kicker;
}
