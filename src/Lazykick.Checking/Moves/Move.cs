namespace Lazykick.Checking.Moves;

/// <summary>One way on from a position: when it can be made, what it changes, what it may violate.</summary>
internal sealed class Move(Instruction instruction, bool isFree, Value? guard)
{
    public Instruction Instruction { get; } = instruction;

    /// <summary>Rule M17: nothing may count on it.</summary>
    public bool IsFree { get; } = isFree;

    /// <summary>When it can be made; null: always.</summary>
    public Value? Guard { get; } = guard;

    /// <summary>What it changes, in this order; a later one sees what an earlier one did.</summary>
    public List<(Field Field, Value Value)> Effects { get; } = [];

    /// <summary>What it violates, decided before its effects.</summary>
    public List<Check> Checks { get; } = [];

    /// <summary>What is decided between this move and the next step of its CPU.</summary>
    public List<BranchTest> Tests { get; } = [];

    /// <summary>What to show instead of the instruction's text, for example the branch that was picked.</summary>
    public string? Note { get; init; }

    /// <summary>The path that the move enters, or null.</summary>
    public string? Enters { get; init; }

    /// <summary>
    /// Which part of its step it is: under <c>tso</c> and <c>arm</c> an access takes place after its issue.
    /// </summary>
    public MovePhase Phase { get; init; }

    /// <summary>The answer of a policy that this move is, or null.</summary>
    public Decision? Decision { get; init; }

    /// <summary>The CPU that it sends a message to, or null.</summary>
    public int? Target { get; set; }

    /// <summary>True if this move is a kick's return (M16).</summary>
    public bool ReturnsKick { get; init; }

    public int Id { get; set; }

    /// <summary>
    /// The part of the move that takes place after its issue; its effects and checks are added later.
    /// </summary>
    /// <param name="phase">Which part.</param>
    /// <param name="guard">When it can take place, besides what orders it; null: always.</param>
    public Move Part(MovePhase phase, Value? guard = null) =>
        new(Instruction, false, guard)
        {
            Note = Note,
            Decision = Decision,
            Target = Target,
            Phase = phase,
        };

    /// <summary>Every field that decides what the move does.</summary>
    public HashSet<Field> ReadFields()
    {
        var fields = new HashSet<Field>();
        Guard?.AddFields(fields);
        foreach (var check in Checks)
            check.Violated.AddFields(fields);
        var written = new HashSet<Field>();
        foreach (var (field, value) in Effects)
        {
            var read = new HashSet<Field>();
            value.AddFields(read);
            read.ExceptWith(written);
            fields.UnionWith(read);
            written.Add(field);
        }

        return fields;
    }
}

/// <summary>A property that a move may violate.</summary>
/// <param name="Property">Which.</param>
/// <param name="Violated">When it does.</param>
/// <param name="Phase">The part of the step that is judged: <see cref="MovePhase.Read"/> and
/// <see cref="MovePhase.Write"/> when its access takes place, else when it is issued.</param>
internal readonly record struct Check(int Property, Value Violated, MovePhase Phase = MovePhase.Whole);

/// <summary>Parts of a step under weak memory.</summary>
public enum MovePhase
{
    /// <summary>The whole step.</summary>
    Whole,

    /// <summary>The step is issued; its access is in flight.</summary>
    Issue,

    /// <summary>The read takes place.</summary>
    Read,

    /// <summary>The write becomes visible to other CPUs, or the maintenance takes place.</summary>
    Write,
}
