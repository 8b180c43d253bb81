using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Tests.Naive;

/// <summary>What S3, S4 and S9 are judged by (M24, M26, M27): numbers behind those of the variables.</summary>
internal sealed class NaiveRecords
{
    private readonly int _cpus;
    private readonly int _freed;
    private readonly int _drained;
    private readonly int _since;
    private readonly int _mappings;
    private readonly int _locks;
    private readonly List<string> _messages;
    private readonly List<string> _mappingNames;

    public NaiveRecords(Scheme scheme, int cpus, int variables)
    {
        _cpus = cpus;
        _messages = [.. scheme.Messages];
        _mappingNames = [.. scheme.Mappings.Keys];
        _freed = variables;
        _drained = _freed + variables;
        _since = _drained + variables;
        _mappings = _since + _messages.Count * cpus * cpus;
        _locks = _mappings + _mappingNames.Count * (cpus + 1);
        var locks = scheme.Variables.Values.Any(v => v.Type is LockType) ? variables * cpus : 0;
        Count = _locks + locks - variables;
    }

    public int Count { get; }

    public bool IsFreed(NaiveState state, int variable) => state.Variables[_freed + variable] == 1;

    public bool IsDrained(NaiveState state, int variable) => state.Variables[_drained + variable] == 1;

    public NaiveState Lived(NaiveState state, Lifetime lifetime, int variable) =>
        lifetime switch
        {
            Lifetime.Alloc => state.WithVariable(_freed + variable, 0).WithVariable(_drained + variable, 0),
            Lifetime.Drain => state.WithVariable(_drained + variable, 1),
            _ => state.WithVariable(_freed + variable, 1),
        };

    /// <summary>Where it is kept whether a CPU that gives this lock back clears I (M28).</summary>
    public int Unmasks(int variable, int cpu) => _locks + variable * _cpus + cpu;

    public NaiveState Mapped(NaiveState state, int cpu, MappingStep step)
    {
        var start = Start(step.Mapping);
        switch (step.Kind)
        {
            case MappingStepKind.Unmap:
                return Enumerable
                    .Range(0, _cpus)
                    .Aggregate(state, (s, c) => s.WithVariable(start + c, 1))
                    .WithVariable(start + _cpus, 0);
            case MappingStepKind.Broadcast:
                return Enumerable.Range(0, _cpus).Aggregate(state, (s, c) => s.WithVariable(start + c, 0));
            case MappingStepKind.Flush:
                return state.WithVariable(start + cpu, 0);
            default:
                return state;
        }
    }

    /// <summary>
    /// Every CPU may use the old translation again, as long as the entry was not visible (W16).
    /// </summary>
    public NaiveState MarkedAgain(NaiveState state, MappingStep step) =>
        Enumerable.Range(0, _cpus).Aggregate(state, (s, c) => s.WithVariable(Start(step.Mapping) + c, 1));

    public bool IsStale(NaiveState state, int cpu, MappingStep step) =>
        step.Kind == MappingStepKind.Touch
        && state.Variables[Start(step.Mapping) + cpu] == 1
        && state.Variables[Start(step.Mapping) + _cpus] == 1;

    public NaiveState KickBegins(NaiveState state, int kicker, KickStep kick)
    {
        foreach (var (message, target) in Watched(kick, kicker))
            state = state.WithVariable(Since(message, kicker, target), state.Cpus[target].Messages >> message & 1);
        return state;
    }

    public NaiveState Discovered(NaiveState state, int cpu, int message) =>
        Enumerable.Range(0, _cpus).Aggregate(state, (s, kicker) => s.WithVariable(Since(message, kicker, cpu), 0));

    /// <summary>After the return, and whether a message is pending that was so when the kick began.</summary>
    public (NaiveState After, bool IsPending) KickReturns(NaiveState state, int kicker, KickStep kick)
    {
        var isPending = false;
        foreach (var (message, target) in Watched(kick, kicker))
        {
            isPending |= state.Variables[Since(message, kicker, target)] == 1;
            state = state.WithVariable(Since(message, kicker, target), 0);
        }

        foreach (var mapping in kick.Returns.Where(r => _mappingNames.Contains(r.Name)))
            state = state.WithVariable(Start(mapping) + _cpus, 1);
        return (state, isPending);
    }

    private IEnumerable<(int Message, int Target)> Watched(KickStep kick, int kicker) =>
        kick
            .Returns.Select(r => _messages.IndexOf(r.Name))
            .Where(m => m >= 0)
            .Distinct()
            .SelectMany(m => Enumerable.Range(0, _cpus).Where(t => t != kicker).Select(t => (m, t)));

    private int Since(int message, int kicker, int target) => _since + (message * _cpus + kicker) * _cpus + target;

    private int Start(NameExpression mapping) => _mappings + _mappingNames.IndexOf(mapping.Name) * (_cpus + 1);
}
