using Lazykick.Checking.Moves;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Properties;

/// <summary>
/// A property in one compiled scheme: its bookkeeping in the state, and what it adds to the moves while these are
/// built. A property overrides what concerns it. Under <c>sc</c> a check on a move is all; the last three are asked
/// under <c>tso</c> and <c>arm</c>.
/// </summary>
internal abstract class PropertyChecks(Property property, CheckContext context)
{
    private bool _isAsserted;

    public Property Property => property;

    /// <summary>Its place in the list of the scheme's properties.</summary>
    public int Index => context.Index;

    /// <summary>Some step that these knobs leave can violate it.</summary>
    public bool CanBeViolated => _isAsserted || Applies;

    /// <summary>Some step that these knobs leave brings it in, without regard to assertions.</summary>
    protected virtual bool Applies => true;

    /// <summary>
    /// Why it says nothing that the search met no violation; null if it met what could have been one.
    /// </summary>
    public string? WhyVacuous(IEvidence evidence) =>
        _isAsserted && evidence.IsTaken(m => m.Checks.Any(c => c.Property == Index))
            ? null
            : property.WhyVacuous(evidence);

    protected CheckContext Context => context;

    /// <summary>A step asserts it.</summary>
    public void Asserts(Value violated, Move move)
    {
        _isAsserted = true;
        Check(move, violated);
    }

    /// <summary>A step of some path: what it writes is among the move's effects already.</summary>
    public virtual void Takes(Step step, in StepSite site, Move move) { }

    /// <summary>A variable in memory gets a value.</summary>
    public virtual void Writes(Field variable, Move move) { }

    /// <summary>A kick begins.</summary>
    public virtual void BeginsKick(KickStep kick, in StepSite site, Move move) { }

    /// <summary>A kick returns.</summary>
    public virtual void ReturnsFromKick(KickStep kick, in StepSite site, Move move) { }

    /// <summary>A CPU takes a message that is pending.</summary>
    public virtual void Discovers(int message, int cpu, Move move) { }

    /// <summary>A CPU takes a path.</summary>
    public virtual void Enters(PathDeclaration path, Value messagePending, int cpu, Move move) { }

    /// <summary>All effects of a move are known.</summary>
    public virtual void Completes(Move move) { }

    /// <summary>Every move is built, and it is known what each is to the memory machine.</summary>
    public virtual void Finishes(IReadOnlyList<Move> moves, Func<Instruction, Access> accessOf) { }

    /// <summary>A violation by a step counts only if no CPU has a guess outstanding.</summary>
    public virtual bool CountsWithoutGuesses => false;

    /// <summary>It marks accesses in flight, and is violated once a marked one is certain to happen.</summary>
    public virtual bool MarksAccesses => false;

    /// <summary>Marks the accesses in flight that violate it, if they turn out to happen.</summary>
    public virtual void Mark(Span<ulong> words, IAccessesInFlight cpus) { }

    /// <summary>States violate it.</summary>
    public virtual bool JudgesStates => false;

    /// <summary>A state violates it.</summary>
    public virtual bool IsViolatedIn(ReadOnlySpan<ulong> words, IAccessesInFlight cpus) => false;

    /// <summary>The move violates it if this is so.</summary>
    protected void Check(Move move, Value violated, MovePhase phase = MovePhase.Whole) =>
        move.Checks.Add(new Check(Index, violated, phase));
}
