using Lazykick.Checking.Compilation;
using Lazykick.Checking.Moves;
using Lazykick.Checking.Properties;

namespace Lazykick.Checking.Weak;

/// <summary>What properties see of the accesses in flight.</summary>
internal sealed partial class WeakMachine<T> : IAccessesInFlight
{
    private readonly AccessMarks _marks;

    /// <summary>Those that mark accesses.</summary>
    private readonly PropertyChecks[] _marking;

    /// <summary>Those that a state can violate.</summary>
    private readonly PropertyChecks[] _judging;

    /// <summary>A bit for each whose violation by a step counts only without guesses.</summary>
    private readonly uint _withoutGuesses;

    int IAccessesInFlight.Cpus => _windows.Length;

    bool IAccessesInFlight.IsSettled(ReadOnlySpan<ulong> words, int cpu) => _windows[cpu].IsSettled(words);

    int IAccessesInFlight.Seen(ReadOnlySpan<ulong> words, int cpu, Field variable) =>
        _windows[cpu].Written(words, variable);

    void IAccessesInFlight.MarkReads(Span<ulong> words, int cpu, Field variable, int value, int property) =>
        _windows[cpu].MarkStale(words, variable, value, _marks.Of(1u << property));

    private bool IsSettled(ReadOnlySpan<ulong> words)
    {
        foreach (var window in _windows)
        {
            if (!window.IsSettled(words))
                return false;
        }

        return true;
    }

    private uint StateViolations(ReadOnlySpan<ulong> words)
    {
        uint violations = 0;
        foreach (var property in _judging)
        {
            if (property.IsViolatedIn(words, this))
                violations |= 1u << property.Index;
        }

        return violations;
    }
}
